import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { soon } from './browser.ts'
import { describeSite } from './site.ts'

/** The pause after which a search begins takes so many times as long, for whatever comes before it. */
const SLOWNESS = 20
const SLOW = `{
  const { setTimeout } = window
  window.setTimeout = (act, ms, ...rest) => setTimeout(act, ms * ${SLOWNESS}, ...rest)
}`
/** By then a search that still waited would have begun, in ms. */
const OVER_MS = 75 * SLOWNESS

describeSite('what is typed just before', ({ open }) => {
  async function openSlow(path: string) {
    const watched = await open(path)
    await watched.page.locator('#results, .nothing').first().waitFor()
    await watched.page.evaluate(SLOW)
    return watched
  }
  const searchOf = (page: Page) => new URL(page.url()).search
  const typedIn = (page: Page) => page.locator('#search').inputValue()
  /** What a page comes to, and stays at. */
  async function expectAtLast(page: Page, search: string, typed: string) {
    await soon(() => Promise.resolve(searchOf(page))).toBe(search)
    expect(await typedIn(page)).toBe(typed)
    await page.waitForTimeout(OVER_MS)
    expect(searchOf(page)).toBe(search)
    expect(await typedIn(page)).toBe(typed)
  }

  it('a link is searched for where that leads, as a step of its own', async () => {
    const { page, faults } = await openSlow('/?provider=openai&sort=newest')
    const name = page.locator('.rows .name').first()
    await name.waitFor()
    await page.locator('#search').focus()
    await page.keyboard.type('gpt')
    expect(searchOf(page)).toBe('?provider=openai&sort=newest')
    const id = await page.locator('.rows .id').first().textContent()
    await name.click()
    await expectAtLast(page, `?query=gpt&provider=openai&sort=newest&model=${id}`, 'gpt')
    await page.goBack()
    expect(searchOf(page)).toBe('?query=gpt&provider=openai&sort=newest')
    await page.goBack()
    await expectAtLast(page, '?provider=openai&sort=newest', '')
    expect(faults).toEqual([])
  })

  it.each<[name: string, path: string, search: string, typed: string]>([
    ['Plot', '/?query=opu', '?view=plot&query=opus', 'opus'],
    ['Clear the filters', '/?query=zzqxv&provider=openai', '?query=zzqxvs', 'zzqxvs'],
    ['Start afresh', '/?query=zzqxv', '', ''],
    [
      'only models that call tools',
      '/?view=plot&query=opu',
      '?view=plot&query=opus&capabilities=tool_call',
      'opus',
    ],
  ])('the link “%s” is part of it, unless that says otherwise', async (name, path, search, typed) => {
    const { page } = await openSlow(path)
    const link = page.getByRole('link', { name, exact: true })
    await link.waitFor()
    await page.locator('#search').focus()
    await page.keyboard.press('End')
    await page.keyboard.type('s')
    await link.click()
    await expectAtLast(page, search, typed)
  })

  it('the link to the bare page is gone with what was chosen', async () => {
    const { page } = await openSlow('/?view=changes')
    // Slower than the pause.
    await page.route('**/', async (route) => {
      await page.waitForTimeout(OVER_MS)
      await route.fallback()
    })
    await page.locator('#search').focus()
    await page.keyboard.type('opus')
    await page.getByRole('link', { name: 'modeldex' }).click()
    await expectAtLast(page, '', '')
  })

  it('a suggestion gives way to that', async () => {
    const { page } = await openSlow('/?query=cluade+sonet')
    const suggestion = page.getByRole('button', { name: 'claude sonnet' })
    await suggestion.waitFor()
    await page.locator('#search').focus()
    await page.keyboard.press('End')
    await page.keyboard.type('t')
    await suggestion.click()
    await expectAtLast(page, '?query=claude+sonnet', 'claude sonnet')
  })

  it('Back is taken back, and leaves the way forward', async () => {
    const { page } = await openSlow('/')
    await page.getByRole('link', { name: 'Changes' }).click()
    await page.locator('#search').focus()
    await page.keyboard.type('opus')
    expect(searchOf(page)).toBe('?view=changes')
    await page.goBack()
    await expectAtLast(page, '', '')
    await page.goForward()
    await expectAtLast(page, '?view=changes', '')
  })
})
