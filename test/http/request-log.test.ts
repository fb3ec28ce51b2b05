import { once } from 'node:events'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { bearer, get, LIST, open, serviceForTest } from './wire.ts'

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
