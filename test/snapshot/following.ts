import { createHash } from 'node:crypto'
import { type RequestListener, request } from 'node:http'
import { join } from 'node:path'
import { makeManifest, manifestText, parseManifest } from '../../src/snapshot/manifest.ts'
import { get, serviceForTest } from '../http/wire.ts'
import type { TestService } from '../service.ts'
import { type FakeUpstream, fakeUpstream, sends } from '../source/fake-upstream.ts'
import { FIRST, folderForTest } from './files.ts'

export const CATALOG = '/api/v1/inference/catalog'
export const DATASET = '/api/v1/inference/dataset'
const REFRESH = '/api/v1/inference/refresh'

export interface Following {
  publisher: TestService
  /** Stands between the two; it hands everything on until it is told to do something else. */
  proxy: FakeUpstream
  follower: TestService
}

/** A modeldex that follows another one, and asks only when it is told to. */
export async function following(options: { catalog?: object; db?: string } = {}): Promise<Following> {
  const publisher = await serviceForTest({ catalog: options.catalog ?? FIRST })
  const proxy = await fakeUpstream(handsOn(publisher))
  const follower = await serviceForTest({
    db: options.db ?? join(folderForTest(), 'catalog.db'),
    env: followEnv(proxy.origin, publisher.token),
  })
  return { publisher, proxy, follower }
}

export function followEnv(url: string, token: string): Record<string, string> {
  return {
    MODELDEX_FOLLOW: url,
    MODELDEX_FOLLOW_TOKEN: token,
    MODELDEX_FOLLOW_INTERVAL: '100000',
    MODELDEX_TOKEN: 'reads',
    MODELDEX_ADMIN_TOKEN: 'runs',
  }
}

/** Hands requests on, and of the answers to those for the snapshot itself only `bytes` at a time, then breaks off. */
export function handsOn({ baseUrl }: TestService, bytes = Number.POSITIVE_INFINITY): RequestListener {
  return (asked, response) => {
    const { method, url, headers } = asked
    request(baseUrl + url, { method, headers }, async (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      let left = url?.endsWith('/snapshot') ? bytes : Number.POSITIVE_INFINITY
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        response.write(chunk.subarray(0, left))
        left -= chunk.length
        if (left <= 0) {
          // What was written still arrives.
          asked.socket.end()
          return
        }
      }
      response.end()
    }).end()
  }
}

/** What a follower says when it is told to pull. */
export async function pulled(follower: TestService) {
  const answer = await get({ ...follower, token: 'runs' }, REFRESH, { method: 'POST' })
  return { status: answer.status, report: JSON.parse(await answer.text()) }
}

export async function idsOf(service: TestService): Promise<string[]> {
  const { models } = JSON.parse(await (await get(service, CATALOG)).text())
  return models.map(({ id }: { id: string }) => id).sort()
}

export const IDS_OF_FIRST = ['acme/Cased', 'acme/gone', 'acme/large', 'zeta/m']
export const IDS_OF_SECOND = ['acme/cased', 'acme/large', 'beta/m', 'zeta/m']

export async function manifestOf(service: TestService) {
  const answer = await get(service, '/api/v1/inference/snapshot/manifest')
  return parseManifest(await answer.text(), 'the manifest')
}

/** Answers with a file, and a manifest that fits its bytes but for what is told. */
export function publishes(
  bytes: Buffer,
  like: Awaited<ReturnType<typeof manifestOf>>,
  change: Partial<typeof like> = {},
): RequestListener {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const said = { ...like, bytes: bytes.length, sha256, ...change }
  const manifest = manifestText(makeManifest(said, said))
  return (asked, response) => sends(asked.url?.endsWith('/manifest') ? manifest : bytes)(asked, response)
}
