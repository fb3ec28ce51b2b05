import { rmSync, writeFileSync } from 'node:fs'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { get, LIST, sendRaw, serviceForTest } from './wire.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function loggingService() {
  const lines: Record<string, unknown>[] = []
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) })
  return { lines, service: await serviceForTest({ log }) }
}

describe('X-Request-Id', () => {
  it('comes back as it was sent, whatever the answer is, and stands in the log', async () => {
    const { lines, service } = await loggingService()
    const paths = [
      `${LIST}?limit=1`,
      `${LIST}?limit=0`,
      `${LIST}/openai/nothing`,
      '/healthz',
      '/docs',
      '/none',
    ]
    for (const [place, path] of paths.entries()) {
      const answer = await get(service, path, { headers: { 'X-Request-Id': `trace:${place}` } })
      await answer.text()
      expect(answer.headers.get('x-request-id')).toBe(`trace:${place}`)
    }
    const etag = (await get(service, `${LIST}?limit=1`)).headers.get('etag') ?? ''
    const kept = await get(service, `${LIST}?limit=1`, {
      headers: { 'If-None-Match': etag, 'X-Request-Id': 'kept' },
    })
    expect([kept.status, kept.headers.get('x-request-id')]).toEqual([304, 'kept'])
    await expect.poll(() => lines.map(({ id }) => id)).toContain('kept')
    expect(lines.map(({ id }) => id)).toEqual(
      expect.arrayContaining(paths.map((_, place) => `trace:${place}`)),
    )
  })

  it('is made where there is none, another one each time', async () => {
    const service = await serviceForTest()
    const ids = new Set<string>()
    for (const path of [LIST, LIST, `${LIST}?limit=0`, '/healthz', '/none']) {
      ids.add((await get(service, path)).headers.get('x-request-id') ?? '')
    }
    expect(ids.size).toBe(5)
    for (const id of ids) expect(id).toMatch(UUID)
  })

  it.each([
    ['empty', ''],
    ['too long', 'a'.repeat(129)],
    ['with a blank', 'a b'],
    ['with a quote', 'a"b'],
    ['with markup', '<b>'],
    ['with an escape', 'a\\u000d'],
    ['with a byte beyond ASCII', 'a\xe9'],
    ['with a tab', 'a\tb'],
    ['sent twice', 'a\r\nX-Request-Id: b'],
  ])('is made where the one that came is %s', async (_name, value) => {
    const { baseUrl } = await serviceForTest()
    const { status, headers } = await sendRaw(
      baseUrl,
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${value}\r\nConnection: close\r\n\r\n`,
    )
    expect(status).toBe(200)
    expect(headers.get('x-request-id')).toMatch(UUID)
  })

  it('may be as long as is allowed', async () => {
    const service = await serviceForTest()
    const id = 'a'.repeat(128)
    const { headers } = await get(service, '/healthz', { headers: { 'X-Request-Id': id } })
    expect(headers.get('x-request-id')).toBe(id)
  })

  it('leaves other headers alone, even if it is called like one', async () => {
    const service = await serviceForTest()
    const { headers } = await get(service, '/api/v1/inference/models?limit=1', {
      headers: { 'X-Request-Id': 'Vary' },
    })
    expect(headers.get('vary')).toBe('Accept-Encoding, Authorization, X-API-Key, Accept')
    expect(headers.get('x-request-id')).toBe('Vary')
  })

  it.each([
    ['never became a request', 'nonsense\r\n\r\n'],
    ['names no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['expects what nobody knows', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n'],
  ])('is told of what %s', async (_what, text) => {
    const { lines, service } = await loggingService()
    const { headers } = await sendRaw(service.baseUrl, text)
    const id = headers.get('x-request-id')
    expect(id).toMatch(UUID)
    await expect.poll(() => lines).toContainEqual(expect.objectContaining({ id, msg: 'refused' }))
  })

  it('stands beside a failure in the log', async () => {
    const { lines, service } = await loggingService()
    rmSync(service.db)
    writeFileSync(service.db, 'no database at all')
    const answer = await get(service, LIST, { headers: { 'X-Request-Id': 'failing' } })
    expect(answer.status).toBe(500)
    await answer.text()
    expect(lines).toContainEqual(expect.objectContaining({ id: 'failing', msg: 'request failed' }))
  })
})
