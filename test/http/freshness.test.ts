import { hash } from 'node:crypto'
import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDigest } from '../list-digest.ts'
import { seededService, type TestService } from '../service.ts'
import { get, LIST, serviceForTest } from './wire.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService()
})
afterAll(() => service.close())

const MODEL = `${LIST}/openai/gpt-4o`

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** `fetch` decodes bodies and adds headers of its own; here the bytes of the wire are what matters. */
function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = { Authorization: `Bearer ${service.token}`, ...headers }
    request(service.baseUrl + path, { method, headers: sent }, async (response) => {
      const body = Buffer.concat(await response.toArray())
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
    })
      .on('error', reject)
      .end()
  })
}

const DECODERS = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body: Buffer) => body }
const CODINGS = ['br', 'gzip', 'identity'] as const

describe.each([LIST, MODEL, '/models.json', '/v1/models', '/v1/models/openai/gpt-4o'])('%s', (path) => {
  it.each(CODINGS)('answers in %s, and 304 to the tag of it', async (coding) => {
    const plain = await ask(path, {})
    const full = await ask(path, { 'Accept-Encoding': coding })
    const suffix = coding === 'identity' ? '' : `-${coding}`
    const digest = path === LIST ? listDigest(String(plain.body)) : hash('sha256', plain.body, 'base64url')
    const etag = `"${digest.slice(0, 22)}${suffix}"`
    expect(full.status).toBe(200)
    expect(DECODERS[coding](full.body)).toEqual(plain.body)
    expect(full.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(full.body.length),
      'cache-control': 'private, no-cache',
      vary: 'Accept-Encoding, Authorization, X-API-Key',
      'x-dataset-version': expect.stringMatching(/\S/),
      etag,
    })
    expect(full.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding)
    expect(full.headers['x-powered-by']).toBeUndefined()

    const head = await ask(path, { 'Accept-Encoding': coding }, 'HEAD')
    // What tells one request from another.
    const OWN = { date: '', ratelimit: '', 'x-request-id': '' }
    expect({ ...head.headers, ...OWN }).toEqual({ ...full.headers, ...OWN })
    expect({ status: head.status, length: head.body.length }).toEqual({ status: 200, length: 0 })

    for (const method of ['GET', 'HEAD']) {
      const fresh = await ask(path, { 'Accept-Encoding': coding, 'If-None-Match': etag }, method)
      expect({ status: fresh.status, length: fresh.body.length }).toEqual({ status: 304, length: 0 })
      const kept = ['etag', 'cache-control', 'vary', 'x-dataset-version'] as const
      for (const name of kept) expect(fresh.headers[name]).toBe(full.headers[name])
      expect(fresh.headers['content-encoding']).toBeUndefined()
      expect(fresh.headers['content-length']).toBeUndefined()
    }
  })
})

describe('If-None-Match', () => {
  it.each<[name: string, tag: (etag: string) => string, status: number]>([
    ['the tag', (etag) => etag, 304],
    ['a weak form of it', (etag) => `W/${etag}`, 304],
    ['a list with it', (etag) => `"a,b", W/"c" ,${etag}`, 304],
    ['a list without blanks', (etag) => `"a",${etag},"b"`, 304],
    ['any', () => ' * ', 304],
    ['another tag', () => '"another"', 200],
    ['the tag of another encoding', (etag) => etag.replace(/"$/, '-br"'), 200],
    ['the tag without quotes', (etag) => etag.replaceAll('"', ''), 200],
    ['an empty one', () => '', 200],
  ])('%s', async (_name, tag, status) => {
    const etag = String((await ask(MODEL, {})).headers.etag)
    expect((await ask(MODEL, { 'If-None-Match': tag(etag) })).status).toBe(status)
  })

  it('makes no failure a 304', async () => {
    expect((await ask(`${LIST}/openai/nothing`, { 'If-None-Match': '*' })).status).toBe(404)
    expect((await ask(`${LIST}?limit=0`, { 'If-None-Match': '*' })).status).toBe(422)
  })
})

describe('Accept-Encoding', () => {
  it.each([
    ['', undefined],
    ['identity', undefined],
    ['deflate', undefined],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br; q=0.5, gzip ; q=0.5', 'br'],
    ['br;q=0, gzip;q=0', undefined],
    ['br;q=0, *', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['gzip;q=0.1', 'gzip'],
    ['identity, gzip;q=0.5', undefined],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['br;q=x', undefined],
  ])('%j gives %s', async (accepted, coding) => {
    const { headers, status } = await ask(MODEL, { 'Accept-Encoding': accepted })
    expect(status).toBe(200)
    expect(headers['content-encoding']).toBe(coding)
  })
})

it('lets clients keep an answer for as long as it is told', async () => {
  const cached = await serviceForTest({ env: { MODELDEX_MAX_AGE: '60' } })
  expect((await get(cached, MODEL)).headers.get('cache-control')).toBe('private, max-age=60')
})

it('keeps the dataset version the same on every machine and in every file', async () => {
  const other = await serviceForTest()
  const versions = await Promise.all(
    [service, other].map(async (one) => (await get(one, LIST)).headers.get('x-dataset-version')),
  )
  expect(versions[0]).toBe(versions[1])
})

it('tells browsers to do nothing with an answer, and promises no TLS', async () => {
  const { headers } = await get(service, MODEL)
  expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('strict-transport-security')).toBeNull()
})

it('tells them so with every failure too, and leaves it out of a 304', async () => {
  const etag = String((await ask(MODEL, {})).headers.etag)
  const fresh = await ask(MODEL, { 'If-None-Match': etag })
  expect(fresh.headers['content-security-policy']).toBeUndefined()
  for (const path of [`${LIST}?limit=0`, '/api/nowhere', '/nowhere', '/api/%zz']) {
    const { headers } = await ask(path, {})
    expect({ path, nosniff: headers['x-content-type-options'] }).toEqual({ path, nosniff: 'nosniff' })
    expect(headers.ratelimit).toMatch(/^limit=6000, remaining=\d+, reset=\d+$/)
  }
  const { headers } = await fetch(service.baseUrl + MODEL)
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  // What speaks to pages alone is with those.
  const page = await fetch(`${service.baseUrl}/docs`)
  for (const name of ['x-frame-options', 'referrer-policy']) {
    expect([headers.has(name), page.headers.has(name)]).toEqual([false, true])
  }
})
