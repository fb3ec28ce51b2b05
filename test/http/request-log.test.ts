import { once } from 'node:events'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { bearer, get, LIST, open, sendRaw, serviceForTest } from './wire.ts'

async function loggingService() {
  const lines: Record<string, unknown>[] = []
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) })
  return { lines, service: await serviceForTest({ log }) }
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
