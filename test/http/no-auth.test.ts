import { describe, expect, it } from 'vitest'
import { LIST, sendRaw, serviceForTest } from './wire.ts'

/** What a page sends whose name was made to lead to this machine, and one that asks across origins. */
const STRANGERS = [
  'Host: evil.example',
  'Host: evil.example:8787',
  'Host: localhost\r\nOrigin: https://evil.example',
]
const OWN = [
  'Host: localhost',
  'Host: 127.0.0.1:8787',
  'Host: [::1]',
  'Host: localhost\r\nOrigin: http://localhost:3000',
]

describe('without authentication', () => {
  const ask = async (baseUrl: string, path: string, head: string) =>
    (await sendRaw(baseUrl, `GET ${path} HTTP/1.1\r\n${head}\r\nConnection: close\r\n\r\n`)).status

  it('web pages of others are refused, by whatever name they come', async () => {
    const { baseUrl } = await serviceForTest({ env: { MODELDEX_NO_AUTH: 'true' } })
    for (const head of STRANGERS) expect([head, await ask(baseUrl, LIST, head)]).toEqual([head, 403])
    for (const head of OWN) expect([head, await ask(baseUrl, LIST, head)]).toEqual([head, 200])
  })

  it('a name can be let in', async () => {
    const env = { MODELDEX_NO_AUTH: 'true', MODELDEX_ALLOWED_HOSTS: 'models.internal' }
    const { baseUrl } = await serviceForTest({ env })
    expect(await ask(baseUrl, LIST, 'Host: models.internal')).toBe(200)
    expect(await ask(baseUrl, LIST, 'Host: evil.example')).toBe(403)
  })

  it("with tokens, the name is nobody else's business", async () => {
    const { baseUrl, token } = await serviceForTest()
    const head = `Host: evil.example\r\nAuthorization: Bearer ${token}`
    expect(await ask(baseUrl, LIST, head)).toBe(200)
  })
})
