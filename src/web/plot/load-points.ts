import { askAndRead } from '../api.ts'
import type { Entry } from '../wire.ts'
import { type Point, pointOf } from './points.ts'

/** The newest answer: going to another view and back asks for nothing. */
let kept: { params: string; points: readonly Point[] } | undefined

export function keptPoints(params: string): readonly Point[] | undefined {
  return kept?.params === params ? kept.points : undefined
}

/** All models that match, read as they come in. */
export async function loadPoints(params: string, signal: AbortSignal): Promise<readonly Point[]> {
  const points = await askAndRead(`models?${params}&format=ndjson`, { signal }, ({ body }) =>
    body === null ? Promise.resolve([]) : readPoints(body),
  )
  kept = { params, points }
  return points
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
