import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService } from '../service.ts'
import { CHROMIUM, openPage, soon, startBrowser } from './browser.ts'

/** How long requests are refused, in ms. */
const LIMITED_MS = 1_500
/** How long a part of an answer has to arrive, in ms. */
const BREAK_MS = 100

describe.skipIf(CHROMIUM === undefined)('a service that does not answer', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  it('is waited for, and what was asked meanwhile is answered', async () => {
    const env = { MODELDEX_NO_AUTH: 'true' }
    const first = await seededService({ env })
    const { page } = await openPage(browser, first.baseUrl)
    await page.locator('.rows .name').first().waitFor()
    await first.close()
    await page.locator('#search').fill('gpt-oss')
    await page.getByText('The server does not answer').waitFor()
    expect(await page.locator('.rows .name').count()).toBeGreaterThan(0)
    const second = await seededService({ env: { ...env, MODELDEX_PORT: new URL(first.baseUrl).port } })
    await expect
      .poll(() => page.locator('.rows .id').first().textContent(), { timeout: 15_000 })
      .toMatch(/gpt-oss/)
    expect(await page.getByText('The server does not answer').count()).toBe(0)
    await page.context().close()
    await second.close()
  })

  it('is said to wait for as long as a request waits, whatever else is answered', async () => {
    const service = await seededService({ env: { MODELDEX_NO_AUTH: 'true' } })
    const { page } = await openPage(browser, service.baseUrl)
    await page.locator('.rows .name').first().waitFor()
    let isRefused = false
    await page.route('**/models?query=gpt-oss*', (route) => {
      if (isRefused) return route.fallback()
      isRefused = true
      return route.fulfill({ status: 429, headers: { 'Retry-After': '3' }, body: '{}' })
    })
    const notice = page.getByText('Too many requests')
    await page.route('**/facets?query=gpt-oss*', async (route) => {
      await notice.waitFor()
      await route.fallback()
    })
    const answered = page.waitForResponse('**/facets?query=gpt-oss*')
    await page.locator('#search').fill('gpt-oss')
    await (await answered).finished()
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    expect(await notice.count()).toBe(1)
    await soon(() => page.locator('.rows .id').first().textContent()).toMatch(/gpt-oss/)
    expect(await notice.count()).toBe(0)
    await page.context().close()
    await service.close()
  })

  it.each([
    ['list', '/?query=gpt-oss', 'models?query=gpt-oss', '.rows .id'],
    ['plot', '/?view=plot&provider=mistral', 'format=ndjson', '.frontier .id'],
  ])('is asked again where an answer breaks off: a %s', async (_, link, broken, shown) => {
    const service = await seededService({ env: { MODELDEX_NO_AUTH: 'true' } })
    let breaks = 0
    const proxy = createServer(async ({ url = '' }, response) => {
      const answer = await fetch(service.baseUrl + url)
      const body = Buffer.from(await answer.arrayBuffer())
      response.setHeader('Content-Type', answer.headers.get('Content-Type') ?? 'text/plain')
      response.setHeader('Content-Length', body.length)
      if (!url.includes(broken) || breaks++ > 0) response.end(body)
      else response.write(body.subarray(0, 200), () => setTimeout(() => response.destroy(), BREAK_MS))
    })
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening))
    const { port } = proxy.address() as AddressInfo
    const { page } = await openPage(browser, `http://127.0.0.1:${port}${link}`)
    await page.locator(shown).first().waitFor()
    expect(breaks).toBe(2)
    await page.context().close()
    proxy.close()
    await service.close()
  })

  it('is asked again when it says so', async () => {
    const service = await seededService({ env: { MODELDEX_NO_AUTH: 'true' } })
    const { page } = await openPage(browser, service.baseUrl)
    await page.locator('.rows .name').first().waitFor()
    const until = Date.now() + LIMITED_MS
    await page.route('**/api/**', (route) => {
      if (Date.now() > until) return route.fallback()
      return route.fulfill({ status: 429, headers: { 'Retry-After': '1' }, body: '{}' })
    })
    await page.locator('#search').fill('gpt-oss')
    await page.getByText('Too many requests').waitFor()
    await expect
      .poll(() => page.locator('.rows .id').first().textContent(), { timeout: 15_000 })
      .toMatch(/gpt-oss/)
    expect(await page.getByText('Too many requests').count()).toBe(0)
    await page.context().close()
    await service.close()
  })
})
