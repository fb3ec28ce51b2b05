import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService()
})
afterAll(() => service.close())

const ask = (path: string, headers: Record<string, string> = {}) => fetch(service.baseUrl + path, { headers })

it('the page needs no token, and runs and loads nothing but its own', async () => {
  const answer = await ask('/docs')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  const page = await answer.text()
  expect(page).not.toMatch(/https?:|<script>|<style|style=|\son\w+=/)
  const parts = [...page.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, path]) => path ?? '')
  expect(parts).toHaveLength(3)
  for (const part of parts) {
    const { status, headers } = await ask(`/${part}`)
    expect(status, part).toBe(200)
    expect(headers.get('content-type'), part).toMatch(/^text\/(javascript|css); charset=utf-8$/)
    expect(headers.get('content-security-policy'), part).toBe(policy)
  }
})

it('the page starts Swagger UI on this description, without its validator', async () => {
  const start = await (await ask('/docs/start.js')).text()
  expect(start).toContain("url: 'openapi.json'")
  expect(start).toContain('validatorUrl: null')
  expect(await (await ask('/docs/swagger-ui-bundle.js')).text()).toContain('SwaggerUIBundle')
})

it('the parts of the page are kept by clients, and are compressed', async () => {
  const path = '/docs/swagger-ui-bundle.js'
  const { headers } = await ask(path, { 'Accept-Encoding': 'br' })
  expect(headers.get('content-encoding')).toBe('br')
  const etag = headers.get('etag') ?? ''
  const kept = await ask(path, { 'Accept-Encoding': 'br', 'If-None-Match': etag })
  expect(kept.status).toBe(304)
  expect(kept.headers.get('content-security-policy')).toBe(headers.get('content-security-policy'))
})

it('no other file is given out', async () => {
  for (const path of ['/docs/', '/docs/package.json', '/docs/..%2fpackage.json', '/docs/start.js/']) {
    expect((await ask(path)).status, path).toBe(404)
  }
})
