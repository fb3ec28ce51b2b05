import { askAndRead, servedVersion, versionOf } from '../api.ts'
import type { Entry } from '../wire.ts'
import { type Point, pointOf } from './points.ts'

interface Kept {
  params: string
  /** The dataset that the points are of. */
  version: string | null
  points: readonly Point[]
}

/** The newest answer: going to another view and back asks for nothing, as long as the catalog is the same. */
let kept: Kept | undefined

export function keptPoints(params: string): readonly Point[] | undefined {
  return kept?.params === params && kept.version === servedVersion() ? kept.points : undefined
}

/** All models that match, read as they come in. */
export async function loadPoints(params: string, signal: AbortSignal): Promise<readonly Point[]> {
  kept = await askAndRead(`models?${params}&format=ndjson`, { signal }, async (response) => ({
    params,
    version: versionOf(response),
    points: response.body === null ? [] : await readPoints(response.body),
  }))
  return kept.points
}

async function readPoints(body: ReadableStream<BufferSource>): Promise<Point[]> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  const points: Point[] = []
  let rest = ''
  for (;;) {
    const { done, value = '\n' } = await reader.read()
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') points.push(pointOf(JSON.parse(line) as Entry))
    if (done) return points
  }
}
