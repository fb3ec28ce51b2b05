import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { CHROMIUM, openPage, startBrowser } from './browser.ts'

/** A browser itself tells of answers that refuse, and of a server that is gone. */
const WORDS_OF_BROWSER = /Failed to load resource/

describe.skipIf(CHROMIUM === undefined)('signing in', () => {
  let service: TestService
  let browser: Browser
  beforeAll(async () => {
    service = await seededService()
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.close()
  })

  it('takes the token out of the link, and shows the models', async () => {
    const url = `${service.baseUrl}/?query=opus#token=${service.token}`
    const { page, faults } = await openPage(browser, url)
    await page.locator('.rows .name').first().waitFor()
    expect(page.url()).toBe(`${service.baseUrl}/?query=opus`)
    await page.reload()
    await page.locator('.rows .name').first().waitFor()
    expect(faults).toEqual([])
  })

  it('says that a token was refused, and takes a good one', async () => {
    const { page, faults } = await openPage(browser, service.baseUrl)
    const token = page.getByLabel('Token', { exact: true })
    await token.fill('made-up')
    await token.press('Enter')
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('refused')
    await token.fill(service.token)
    await token.press('Enter')
    await page.locator('.rows .name').first().waitFor()
    expect(await page.locator('dialog[open]').count()).toBe(0)
    expect(faults.filter((fault) => !WORDS_OF_BROWSER.test(fault))).toEqual([])
  })

  it.each([
    [false, 'for this session of the browser alone'],
    [true, 'for longer where that is asked for'],
  ])('remembers: %s, %s', async (isRemembered) => {
    const { page } = await openPage(browser, service.baseUrl)
    await page.getByLabel('Token', { exact: true }).fill(service.token)
    if (isRemembered) await page.getByLabel('Remember it on this device').check()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('.rows .name').first().waitFor()
    const other = await page.context().newPage()
    await other.goto(service.baseUrl)
    await other
      .locator(isRemembered ? '.rows .name' : 'dialog[open]')
      .first()
      .waitFor()
  })
})

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

  it('is asked again when it says so', async () => {
    const service = await seededService({ env: { MODELDEX_NO_AUTH: 'true' } })
    const { page } = await openPage(browser, service.baseUrl)
    await page.locator('.rows .name').first().waitFor()
    let refusals = 1
    await page.route('**/models?*', (route) => {
      if (refusals-- <= 0) return route.fallback()
      return route.fulfill({ status: 429, headers: { 'Retry-After': '5' }, body: '{}' })
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
