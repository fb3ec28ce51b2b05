import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seededService, type TestService } from '../service.ts'
import { CHROMIUM, openPage, startBrowser } from './browser.ts'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const findingsSchema = z.array(z.object({ id: z.string(), html: z.array(z.string()) }))
const FIND = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ id, html: nodes.map(({ html }) => html) })))`

/** For people to look at. */
const SCREENSHOTS = 'test-results/browser'
/** What of a view is there once it is drawn. */
const VIEWS = [
  ['models', '', '.rows .name'],
  ['nothing', '?query=nothing-is-called-so', '.nothing'],
  ['filtered', '?query=opus&capabilities=tool_call&min_price=1', '.rows .name'],
  ['model', '?model=openai/gpt-5.6', '.price-plot canvas'],
  ['plot', '?view=plot&capabilities=tool_call', '.chart canvas'],
  ['compare', '?view=compare&compare=openai/gpt-5.6&compare=anthropic/claude-opus-5-5', '.compare-table td'],
  ['cost', '?view=cost', '.cost-table tbody tr'],
  ['new', '?view=changes', '.news'],
  ['rises', '?view=changes&what=rises', '.step-change'],
] as const

const SCREENS = [
  { name: 'light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'dark', viewport: { width: 820, height: 1_180 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 360, height: 780 }, colorScheme: 'light' },
] as const

describe.skipIf(CHROMIUM === undefined)('every view', () => {
  let service: TestService
  let browser: Browser
  beforeAll(async () => {
    service = await seededService({ env: { MODELDEX_NO_AUTH: 'true' } })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.close()
  })

  describe.each(SCREENS)('$name', ({ name: screen, viewport, colorScheme }) => {
    it.each(VIEWS)('gives axe nothing to find, and fits: %s', async (name, query, drawn) => {
      const { page, faults } = await openPage(browser, `${service.baseUrl}/${query}`, {
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
      })
      await page.locator(drawn).first().waitFor()
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${screen}.png`) })
      expect(await findings(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      expect(faults).toEqual([])
      await page.context().close()
    })
  })

  it('moves nothing for those who want no motion', async () => {
    const { page } = await openPage(browser, service.baseUrl, { reducedMotion: 'reduce' })
    await page.locator('.rows .name').first().waitFor()
    const moved = `[...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element)
      return transitionDuration !== '0s' || animationName !== 'none'
    }).length`
    expect(await page.evaluate(moved)).toBe(0)
  })

  it('is printed without what only a screen needs, dark on white', async () => {
    const { page } = await openPage(browser, `${service.baseUrl}/?view=changes`, { colorScheme: 'dark' })
    await page.locator('.news').first().waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.search').isVisible()).toBe(false)
    expect(await page.locator('.filters').isVisible()).toBe(false)
    expect(await page.locator('.news').first().isVisible()).toBe(true)
    const colour = 'getComputedStyle(document.documentElement).backgroundColor'
    expect(await page.evaluate(colour)).toMatch(/rgb\(2\d\d, 2\d\d, 2\d\d\)/)
  })
})

async function findings(page: Page) {
  await page.evaluate(AXE)
  return findingsSchema.parse(await page.evaluate(FIND))
}
