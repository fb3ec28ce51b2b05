import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { call, connected, serviceTransport } from '../mcp/clients.ts'
import type { ServiceOptions, TestService } from '../service.ts'
import { bearer, expectEnvelope, open, readAnswer, sendRaw, serviceForTest } from './wire.ts'

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
const PONG = { jsonrpc: '2.0', id: 1, result: {} }
const HEADERS = { Accept: 'application/json, text/event-stream', 'Content-Type': 'application/json' }

function post({ baseUrl, token }: TestService, body: string, headers: Record<string, string> = {}) {
  return fetch(`${baseUrl}/mcp`, {
    method: 'POST',
    headers: { ...bearer(token), ...HEADERS, ...headers },
    body,
  })
}

/** Asks as a browser would that was led here by another name, or that shows a page of another origin. */
function ping({ baseUrl, token }: TestService, headers: Record<string, string>) {
  const lines = Object.entries({ ...bearer(token), ...HEADERS, Connection: 'close', ...headers })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return sendRaw(baseUrl, `POST /mcp HTTP/1.1\r\n${head}Content-Length: ${PING.length}\r\n\r\n${PING}`)
}

describe('who may ask', () => {
  it('refuses those without a token, in a way that clients understand', async () => {
    const service = await serviceForTest()
    const answer = await post(service, PING, { Authorization: '' })
    expectEnvelope(answer, await answer.text(), 401, 'token_error')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    const stranger = serviceTransport({ ...service, token: 'mdx_unknown' })
    await expect(connected(stranger)).rejects.toThrow('Authentication failed')
  })

  it('counts each message against the rate limit', async () => {
    const service = await serviceForTest({ env: { MODELDEX_RATE_LIMIT: '2' } })
    expect((await post(service, PING)).status).toBe(200)
    expect((await post(service, PING)).headers.get('ratelimit')).toContain('remaining=0')
    const over = await post(service, PING)
    expectEnvelope(over, await over.text(), 429, 'usage_limit_exceeded_error')
  })
})

describe('where it may be asked from', () => {
  const LAN = { MODELDEX_NO_AUTH: 'true' }
  const OURS = {
    MODELDEX_ALLOWED_HOSTS: 'modeldex.example, models',
    MODELDEX_CORS_ORIGINS: 'https://app.example',
  }
  const cases: [env: ServiceOptions['env'], headers: Record<string, string>, status: number][] = [
    [LAN, { Host: 'localhost' }, 200],
    [LAN, { Host: 'LOCALHOST:8787' }, 200],
    [LAN, { Host: 'modeldex.localhost:1' }, 200],
    [LAN, { Host: '[::1]:8787' }, 200],
    [LAN, { Host: '10.1.2.3:8787' }, 200],
    [LAN, { Host: 'evil.example' }, 403],
    [LAN, { Host: 'localhost.evil.example' }, 403],
    [LAN, { Host: '127.0.0.1.evil.example:8787' }, 403],
    [LAN, { Host: 'evil.example@localhost' }, 403],
    [LAN, { Host: 'modeldex.example' }, 403],
    [OURS, { Host: 'modeldex.example' }, 200],
    [OURS, { Host: 'Models:8787' }, 200],
    [OURS, { Host: 'other.modeldex.example' }, 403],
    [LAN, { Host: 'localhost:1', Origin: 'http://localhost:6274' }, 200],
    [LAN, { Host: 'localhost:1', Origin: 'http://127.0.0.1:3000' }, 200],
    [LAN, { Host: '10.1.2.3:8787', Origin: 'https://10.1.2.3:8787' }, 200],
    [LAN, { Host: '10.1.2.3:8787', Origin: 'http://10.1.2.3:1' }, 403],
    [LAN, { Host: 'localhost:1', Origin: 'https://evil.example' }, 403],
    [LAN, { Host: 'localhost:1', Origin: 'https://localhost.evil.example' }, 403],
    [LAN, { Host: 'localhost:1', Origin: 'null' }, 403],
    [LAN, { Host: 'evil.example', Origin: 'http://evil.example' }, 403],
    [OURS, { Host: 'modeldex.example', Origin: 'https://modeldex.example' }, 200],
    [OURS, { Host: 'modeldex.example', Origin: 'https://app.example' }, 200],
    [OURS, { Host: 'modeldex.example', Origin: 'https://evil.example' }, 403],
    [{ MODELDEX_CORS_ORIGINS: '*' }, { Host: 'localhost', Origin: 'https://evil.example' }, 200],
    [{ MODELDEX_CORS_ORIGINS: '*' }, { Host: 'evil.example' }, 403],
  ]

  it.each(cases)('under %j, %j gets %i', async (env = {}, headers, status) => {
    const answer = await ping(await serviceForTest({ env }), headers)
    expect(answer.status).toBe(status)
    const body = JSON.parse(answer.body)
    if (status === 200) expect(body).toEqual(PONG)
    else expect(body).toMatchObject({ code: 403, type: 'forbidden_error' })
  })

  it('says how to let a name in', async () => {
    const { body } = await ping(await serviceForTest(), { Host: 'modeldex.example' })
    expect(body).toContain('The Host \\"modeldex.example\\" is not known: let it in with --allowed-hosts')
  })

  it('lets pages of configured origins ask, and no others', async () => {
    const { baseUrl } = await serviceForTest({ env: { MODELDEX_CORS_ORIGINS: 'https://app.example' } })
    const headers = { 'Access-Control-Request-Method': 'POST', Origin: 'https://app.example' }
    const answer = await fetch(`${baseUrl}/mcp`, { method: 'OPTIONS', headers })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(answer.headers.get('access-control-allow-methods')).toBe('POST')
    expect(answer.headers.get('access-control-allow-headers')).toMatch(/Content-Type,Mcp-Protocol-Version$/)
  })
})

describe('what it takes', () => {
  it.each(['GET', 'HEAD', 'DELETE', 'PUT', 'PATCH'])('offers no %s', async (method) => {
    const { baseUrl, token } = await serviceForTest()
    const answer = await fetch(`${baseUrl}/mcp`, {
      method,
      headers: { ...bearer(token), Accept: 'text/event-stream' },
    })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST')
    if (method !== 'HEAD') expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', id: null, error: {} })
  })

  it('refuses what is no message, and says why', async () => {
    const service = await serviceForTest()
    const refusal = async (body: string, headers: Record<string, string> = {}) => {
      const answer = await post(service, body, headers)
      return [answer.status, await answer.text()]
    }
    const fault = (text: string) => expect.stringContaining(text)
    expect(await refusal('{')).toEqual([400, fault('The body is no valid JSON')])
    expect(await refusal('')).toEqual([400, fault('-32700')])
    expect(await refusal('{"id":1}')).toEqual([400, fault('-32700')])
    expect(await refusal(`[${PING}]`)).toEqual([400, fault('not a batch')])
    expect(await refusal(`"${'x'.repeat(64 * 1024)}"`)).toEqual([400, fault('longer than 64 KiB')])
    expect(await refusal(PING, { 'Content-Encoding': 'gzip' })).toEqual([400, fault('not be compressed')])
    expect(await refusal(PING, { 'Content-Type': 'text/plain' })).toEqual([400, fault('application/json')])
    expect(await refusal(PING, { Accept: 'application/json' })).toEqual([406, fault('text/event-stream')])
    expect(await refusal(PING, { 'MCP-Protocol-Version': '1999-01-01' })).toEqual([400, fault('1999-01-01')])
    expect(await refusal('{"jsonrpc":"2.0","method":"notifications/initialized"}')).toEqual([202, ''])
    expect(await refusal('{"jsonrpc":"2.0","id":1,"method":"nonsense"}')).toEqual([200, fault('-32601')])
  })

  it('serves nothing below its path', async () => {
    const { baseUrl, token } = await serviceForTest()
    const answer = await fetch(`${baseUrl}/mcp/x`, { method: 'POST', headers: bearer(token) })
    expectEnvelope(answer, await answer.text(), 404, 'not_found_error')
  })
})

it('answers several clients at once', async () => {
  const service = await serviceForTest()
  const clients = await Promise.all(Array.from({ length: 8 }, () => connected(serviceTransport(service))))
  const answers = await Promise.all(
    clients.flatMap((client, at) =>
      Array.from({ length: 5 }, () => call(client, 'search_models', { query: 'gpt', limit: at + 1 })),
    ),
  )
  const lengths = answers.map(({ data }) => (data as { models: unknown[] }).models.length)
  expect(lengths).toEqual(clients.flatMap((_, at) => Array(5).fill(at + 1)))
})

it('is rid of clients that go away', async () => {
  const service = await serviceForTest()
  const head = [`POST /mcp HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${service.token}`]
  for (const [name, value] of Object.entries(HEADERS)) head.push(`${name}: ${value}`)
  for (const body of [PING, PING.slice(0, 5)]) {
    const socket = await open(service.baseUrl)
    socket.write([...head, `Content-Length: ${PING.length}`, '', body].join('\r\n'))
    socket.destroy()
    await once(socket, 'close')
  }
  const client = await connected(serviceTransport(service))
  await call(client, 'get_model', { id: 'openai/gpt-4o' })
  // A stream to the client would keep the service from ending.
  const socket = await open(service.baseUrl)
  socket.write([...head, 'Connection: close', `Content-Length: ${PING.length}`, '', PING].join('\r\n'))
  expect((await readAnswer(socket)).status).toBe(200)
})
