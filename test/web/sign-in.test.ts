import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serviceForTest } from '../http/wire.ts'
import { CHROMIUM, openPage, soon, startBrowser } from './browser.ts'

/** What the browser itself says of a refused request. */
const REFUSED = /status of (401|429)|ERR_CONNECTION_REFUSED/

describe.skipIf(CHROMIUM === undefined)('signing in', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  const showsModels = (page: Page) => soon(() => page.locator('.count').textContent()).toBe('8,337 models')
  const signIn = async (page: Page, token: string) => {
    await page.getByLabel('Token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  it('takes the token out of the link, and asks nothing', async () => {
    const { baseUrl, token } = await serviceForTest()
    const { page, faults } = await openPage(browser, `${baseUrl}/?sort=name#token=${token}`)
    await showsModels(page)
    expect(page.url()).toBe(`${baseUrl}/?sort=name`)
    expect(await page.evaluate('localStorage.length')).toBe(0)
    await page.reload()
    await showsModels(page)
    expect(faults).toEqual([])
  })

  it('asks for a token, says that one is refused, and remembers one where that is asked for', async () => {
    const { baseUrl, token } = await serviceForTest()
    const { page, faults } = await openPage(browser, baseUrl)
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    await dialog.waitFor()
    expect(faults).toEqual([])
    await signIn(page, 'mdx_nobody-issued-this')
    await soon(() => dialog.getByRole('alert').textContent()).toContain('refused')
    await dialog.getByLabel('Remember it on this device').check()
    await signIn(page, token)
    await showsModels(page)
    expect(await dialog.count()).toBe(0)
    const other = await page.context().newPage()
    await other.goto(baseUrl)
    await showsModels(other)
    await other.getByRole('button', { name: 'Sign out' }).click()
    await other.getByRole('dialog', { name: 'Sign in' }).waitFor()
    expect(await other.evaluate('localStorage.length')).toBe(0)
    expect(faults.filter((fault) => !REFUSED.test(fault))).toEqual([])
  })

  it('says of what cannot be a token that it is none, and goes on', async () => {
    const { baseUrl, token } = await serviceForTest()
    const { page, faults } = await openPage(browser, baseUrl)
    await signIn(page, 'ключ')
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    await soon(() => dialog.getByRole('alert').textContent()).toContain('no token')
    await signIn(page, token)
    await showsModels(page)
    expect(faults).toEqual([])
  })

  it('stays, however often Escape is pressed', async () => {
    const { baseUrl, token } = await serviceForTest()
    const { page } = await openPage(browser, baseUrl)
    await page.getByRole('dialog', { name: 'Sign in' }).waitFor()
    for (let press = 0; press < 3; press++) await page.keyboard.press('Escape')
    await signIn(page, token)
    await showsModels(page)
  })

  it('lasts as long as the page where the browser keeps nothing', async () => {
    const { baseUrl, token } = await serviceForTest()
    const { page } = await openPage(browser, baseUrl)
    await page.addInitScript(`for (const name of ['sessionStorage', 'localStorage']) {
      Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })
    }`)
    await page.reload()
    await signIn(page, token)
    await showsModels(page)
  })

  it('is asked for as long as it is refused, whatever else is answered', async () => {
    const { baseUrl, token } = await serviceForTest()
    const { page } = await openPage(browser, baseUrl)
    const refused = Promise.withResolvers<void>()
    await page.route('**/api/**', async (route) => {
      if (route.request().headers().authorization === `Bearer ${token}`) return route.fallback()
      // The list's answer comes first, that to all others a while later.
      if (route.request().url().includes('/models?')) {
        await route.fallback()
        return refused.resolve()
      }
      await refused.promise
      await page.getByRole('alert').filter({ hasText: 'refused' }).waitFor()
      return route.fulfill({ status: 429, headers: { 'Retry-After': '1' }, body: '{}' })
    })
    const limited = page.waitForResponse((response) => response.status() === 429)
    await signIn(page, 'mdx_nobody-issued-this')
    await (await limited).finished()
    await signIn(page, token)
    await showsModels(page)
  })

  it('asks nothing where authentication is off', async () => {
    const { baseUrl } = await serviceForTest({ env: { MODELDEX_NO_AUTH: 'true' } })
    const { page, faults } = await openPage(browser, baseUrl)
    await showsModels(page)
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('says that there were too many requests, and when it goes on', async () => {
    // The page and its parts count, too: they are four.
    const env = { MODELDEX_NO_AUTH: 'true', MODELDEX_RATE_LIMIT: '5' }
    const { baseUrl } = await serviceForTest({ env })
    const { page } = await openPage(browser, baseUrl)
    await expect
      .poll(() => page.locator('.notice').textContent())
      .toMatch(/Too many requests.* in \d+ seconds/)
  })

  it('says that the server is gone, and goes on once it is back', async () => {
    const env = { MODELDEX_NO_AUTH: 'true' }
    const first = await serviceForTest({ env })
    const { page, faults } = await openPage(browser, first.baseUrl)
    await showsModels(page)
    await page.context().setOffline(true)
    await page.locator('#search').fill('gpt-5')
    const notice = page.locator('.notice')
    await soon(() => notice.textContent()).toContain('does not answer')
    await page.context().setOffline(false)
    await expect.poll(() => page.locator('.count').textContent()).toMatch(/^\d{3} models$/)
    expect(await notice.count()).toBe(0)
    expect(faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault))).toEqual([])
  })
})
