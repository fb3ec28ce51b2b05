import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trim } from '../../src/db/search-text.ts'
import { seededService, type TestService } from '../service.ts'
import { expectEnvelope, get, LIST, sendRaw } from './wire.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_TOKEN: 'reads', MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service.close())

/** Requests as bytes: `fetch` would tidy them up. */
function ask(path: string, headers: Record<string, string> = {}) {
  const lines = Object.entries({ Authorization: 'Bearer reads', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return sendRaw(
    service.baseUrl,
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('')}\r\n`,
  )
}

describe('a path that climbs', () => {
  const FILES = ['etc/passwd', 'package.json', 'tokens.json', 'catalog.db']
  const CLIMBS = [
    '../',
    '..%2f',
    '%2e%2e/',
    '%2e%2e%2f',
    '..%5c',
    '..%255c',
    '....//',
    '%00../',
    '..;/',
    '%c0%ae%c0%ae/',
  ]
  const ROOTS = ['/', '/docs/', `${LIST}/openai/`, '/api/v1/inference/snapshot/', '/v1/models/', '/litellm/']

  it('leads to no file', async () => {
    for (const root of ROOTS) {
      for (const climb of CLIMBS) {
        for (const file of FILES) {
          const { status, body } = await ask(`${root}${climb.repeat(6)}${file}`)
          expect([400, 404], `${root}${climb}${file}`).toContain(status)
          expect(body).not.toMatch(/root:|"scripts"|sha256|SQLite format/)
        }
      }
    }
  })

  it('opens no route by another name', async () => {
    for (const path of [
      '/openapi.json/../metrics',
      '/docs/../metrics',
      '/docs/..%2fmetrics',
      '/%6detrics',
      '//metrics',
      '/metrics%00',
    ]) {
      expect((await ask(path, { Authorization: 'Bearer wrong' })).status, path).not.toBe(200)
    }
  })
})

describe('what is echoed', () => {
  const BREAKS = [
    '%0d%0aSet-Cookie:%20a=b',
    '%0aSet-Cookie:a=b',
    '%0d%0a%0d%0a<script>',
    '%E5%98%8D%E5%98%8ASet-Cookie:a=b',
    '%00',
    '%7f',
    '%22%3e%3cscript%3e',
  ]
  const PATHS = [
    (text: string) => `${LIST}?query=cluade${text}`,
    (text: string) => `/api/v1/inference/models?query=claude&limit=1&offset=1&provider=${text}`,
    (text: string) => `/api/v1/inference/models?limit=1&offset=1&capabilities=${text}`,
    (text: string) => `${LIST}/openai/gpt${text}`,
    (text: string) => `${LIST}?${text}=1`,
    (text: string) => `/nowhere/${text}`,
    (text: string) => `/v1/models/${text}`,
  ]

  it('makes no header and no line of its own', async () => {
    for (const path of PATHS) {
      for (const text of BREAKS) {
        const { headers, status } = await ask(path(text), {
          Origin: `https://a${text}`,
          'X-Request-Id': text,
        })
        expect(status).toBeLessThan(500)
        expect(headers.get('set-cookie'), path(text)).toBeNull()
        // Nothing in an answer is a page, whatever a browser makes of its text.
        expect(headers.get('content-type')).toMatch(/^application\/json/)
        expect(headers.get('x-content-type-options')).toBe('nosniff')
        for (const [, value] of headers) expect(value).toMatch(/^[\x20-\x7e]*$/)
      }
    }
  })

  it('is the same text in a link and in a suggestion, and nothing more', async () => {
    const { headers } = await ask(`/api/v1/inference/models?limit=1&query=%22%3E;%20rel=%22next%22,%3Cx`)
    expect(headers.get('link')).toMatch(/^<\?limit=1&query=[^<>",; ]*&offset=0>; rel="first", /)
  })
})

it('many names that a hash table keeps badly are no more than too many', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Aa', 'BB', 'AaAa', 'BBBB']
  for (const name of names) {
    const answer = await get(service, `${LIST}?${name}=1`)
    expectEnvelope(answer, await answer.text(), 422, 'validation_error')
  }
  const pairs = (count: number) => Array.from({ length: count }, (_, place) => `${place}=1`).join('&')
  const [most, more] = [
    await get(service, `${LIST}?${pairs(100)}`),
    await get(service, `${LIST}?${pairs(101)}`),
  ]
  expect(JSON.parse(await most.text()).errors).toHaveLength(100)
  expectEnvelope(more, await more.text(), 400, 'invalid_error')
  const nested = await fetch(`${service.baseUrl}/api/v1/inference/estimate`, {
    method: 'POST',
    headers: { Authorization: 'Bearer reads', 'Content-Type': 'application/json' },
    body: '['.repeat(30_000) + ']'.repeat(30_000),
  })
  expect([400, 422]).toContain(nested.status)
  expect(await nested.text()).not.toBe('')
})

/** CPU of this process, service included, in µs; the least of a few runs, for others use the machine too. */
async function leastCpu(work: () => Promise<unknown>): Promise<number> {
  const RUNS = 5
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, user + system)
  }
  return least
}

describe('texts that make expressions start over', () => {
  /** As long as a request may be, about. */
  const LENGTH = 15_000
  const fill = (part: string) => part.repeat(Math.floor(LENGTH / part.length))
  const PLAIN = 'a'
  const FILLS = [
    '+',
    '0',
    '-',
    '.',
    '=',
    '1-',
    'a.',
    '-v1',
    '%20',
    '"',
    ',',
    ';',
    ':',
    '_',
    '~',
    '2020-',
    '[',
    '/',
    '\\',
    '*',
    '(',
    '!',
  ]
  const PARAMETERS = [
    `${LIST}?query=`,
    `${LIST}?limit=`,
    `${LIST}?max_price=`,
    `${LIST}?capabilities=`,
    `${LIST}?provider=`,
    `${LIST}?at=`,
    '/api/v1/inference/models?sort=',
    '/api/v1/inference/models?released_after=',
    '/api/v1/inference/changes?cursor=',
    '/api/v1/inference/changes?since=',
    '/api/v1/inference/resolve?id=',
    '/api/v1/inference/estimate?id=',
    '/api/v1/inference/providers?query=',
    `${LIST}/openai/`,
    '/api/v1/inference/offers/openai/',
    '/v1/models/',
  ]
  const HEADERS = [
    'Authorization',
    'X-API-Key',
    'X-Client-Version',
    'User-Agent',
    'X-Request-Id',
    'Accept',
    'Accept-Encoding',
    'If-None-Match',
    'X-Forwarded-For',
    'Cookie',
    'Range',
  ]
  /** Work that grows with the square of the length takes thousands of times as much as plain text. */
  const MOST = 25

  it.each(PARAMETERS)('take no longer to read than others: %s', async (path) => {
    const plain = await leastCpu(() => ask(`${path}a${fill(PLAIN)}b`))
    for (const part of FILLS) {
      const hostile = await leastCpu(() => ask(`${path}a${fill(part)}b`))
      expect(hostile / plain, part).toBeLessThan(MOST)
    }
  })

  it.each(HEADERS)('take no longer to read than others: %s', async (name) => {
    const plain = await leastCpu(() => ask(`${LIST}?limit=1`, { [name]: `a${fill(PLAIN)}b` }))
    for (const part of [
      ...FILLS,
      'bearer ',
      'W/"',
      'dreadnode-sdk/',
      'gzip;q=0.1,',
      '1.',
      'bytes=0-',
      '127.0.0.1,',
    ]) {
      const hostile = await leastCpu(() => ask(`${LIST}?limit=1`, { [name]: `a${fill(part)}b` }))
      expect(hostile / plain, part).toBeLessThan(MOST)
    }
  })

  it('trimming looks at each character once', () => {
    const blanks = '\u2003'.repeat(500_000)
    // Where each blank within began a search of its own, this would take minutes.
    expect(trim(`${blanks}a${blanks}b${blanks}`)).toBe(`a${blanks}b`)
    expect(trim(blanks)).toBe('')
  })
})
