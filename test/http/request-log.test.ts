import { once } from 'node:events'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { fakeUpstream, hangs, TWO } from '../source/fake-upstream.ts'
import { bearer, get, LIST, open, sendRaw, serviceForTest } from './wire.ts'

const REFRESH = '/api/v1/inference/refresh'

async function loggingService(env?: Record<string, string>) {
  const lines: Record<string, unknown>[] = []
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) })
  return { lines, service: await serviceForTest({ log, ...(env && { catalog: TWO, env }) }) }
}

it('writes one line a request, without its query and headers', async () => {
  const { lines, service } = await loggingService()
  const first = await get(service, `${LIST}?query=claude`)
  await first.text()
  const bytes = Number(first.headers.get('content-length'))
  const etag = first.headers.get('etag') ?? ''
  await (await get(service, `${LIST}?query=claude`)).text()
  await get(service, `${LIST}?query=claude`, { method: 'HEAD' })
  await get(service, `${LIST}?query=claude`, { headers: { 'If-None-Match': etag } })
  await (await get(service, `${LIST}/openai/nothing`)).text()
  await (await get(service, '/api/nowhere?secret=1', { method: 'POST' })).text()
  await (await fetch(`${service.baseUrl}${LIST}?query=claude`, { headers: bearer('wrong') })).text()
  await expect.poll(() => lines.length).toBe(7)
  const line = {
    level: 30,
    id: expect.stringMatching(/^[\w-]{36}$/),
    method: 'GET',
    path: LIST,
    status: 200,
    ms: expect.any(Number),
    bytes,
    msg: 'request',
  }
  const failed = { ...line, bytes: expect.any(Number) }
  expect(lines).toEqual([
    line,
    line,
    { ...line, method: 'HEAD', bytes: 0 },
    { ...line, status: 304, bytes: 0 },
    { ...failed, path: `${LIST}/openai/nothing`, status: 404 },
    { ...failed, method: 'POST', path: '/api/nowhere', status: 404 },
    { ...failed, status: 401 },
  ])
  expect(lines.slice(4).every((one) => Number(one.bytes) > 50)).toBe(true)
})

it('says which answers nobody waited for', async () => {
  const { lines, service } = await loggingService()
  const socket = await open(service.baseUrl)
  const ask = `GET ${LIST}?limit=100 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${service.token}\r\n\r\n`
  // Far more than the sockets hold, so that answers are left when the client goes.
  socket.write(ask.repeat(200))
  await once(socket, 'readable')
  socket.destroy()
  await expect.poll(() => lines.some((line) => line.aborted === true)).toBe(true)
})

it('gives no status to what was never answered', async () => {
  const upstream = await fakeUpstream(hangs)
  const { lines, service } = await loggingService({
    MODELDEX_ADMIN_TOKEN: 'runs',
    MODELDEX_SOURCE: upstream.url,
    MODELDEX_FETCH_TIMEOUT: '2',
  })
  const client = new AbortController()
  const asked = fetch(`${service.baseUrl}${REFRESH}`, {
    method: 'POST',
    headers: bearer('runs'),
    signal: client.signal,
  })
  await expect.poll(() => upstream.requests.length).toBe(1)
  client.abort()
  await expect(asked).rejects.toThrow('aborted')
  const line = () => lines.find(({ msg }) => msg === 'request')
  await expect.poll(line).toMatchObject({ path: REFRESH, aborted: true })
  expect(line()).not.toHaveProperty('status')
  const metrics = await get(service, '/metrics', { headers: bearer('runs') })
  expect(await metrics.text()).toContain(`modeldex_http_requests_total{route="${REFRESH}",code="none"} 1`)
})

it('keeps tokens and queries to itself, wherever they stand', async () => {
  const { lines, service } = await loggingService()
  const secret = 'mdx_not-to-be-written'
  const asked = [
    fetch(`${service.baseUrl}${LIST}?query=${secret}`, { headers: bearer(secret) }),
    fetch(`${service.baseUrl}${LIST}`, { headers: { 'X-API-Key': secret, Cookie: secret, Referer: secret } }),
    get(service, `${LIST}?${secret}=1`),
    get(service, `${LIST}?limit=1#${secret}`),
    get(service, `/metrics?token=${secret}`),
    sendRaw(service.baseUrl, `GET ${LIST}?query=${secret} HTTP/1.1\r\n\r\n`),
    sendRaw(service.baseUrl, `GET ${LIST}?query=${secret} HTTP/1.1\r\nHost: x\r\n${secret}\r\n\r\n`),
    sendRaw(
      service.baseUrl,
      `GET http://user:${secret}@x/?q HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    ),
  ]
  for (const answer of asked) await answer
  await expect.poll(() => lines.length).toBe(asked.length)
  expect(JSON.stringify(lines)).not.toContain(secret)
  expect(JSON.stringify(lines)).not.toContain(service.token)
})
