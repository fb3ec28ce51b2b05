import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seededService, type TestService } from '../service.ts'
import { CHROMIUM, openPage, startBrowser } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const
const COMPARED = ['openai/gpt-5.6', 'google/gemini-2.5-pro', 'deepseek/deepseek-v4-pro']
const COMPARE_LINK = `?view=compare&${COMPARED.map((id) => `compare=${id}`).join('&')}`

const offersSchema = z.object({
  offers: z.array(z.object({ price: z.string().nullable(), entry: z.object({ id: z.string() }) })),
})
const estimatesSchema = z.object({
  results: z.array(z.object({ id: z.string(), estimate: z.object({ usd_total: z.string() }).nullable() })),
})
const listSchema = z.object({ models: z.array(z.object({ id: z.string() })) })

/** What axe holds against a page; each rule by its name. */
async function violations(page: Page): Promise<unknown> {
  await page.evaluate(AXE)
  return page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')
}

describe.skipIf(CHROMIUM === undefined)('choosing a model', () => {
  let service: TestService
  let browser: Browser
  beforeAll(async () => {
    service = await seededService({ env: { MODELDEX_NO_AUTH: 'true' } })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await service.close()
  })
  const open = (query: string, options = {}) =>
    openPage(browser, `${service.baseUrl}/${query}`, { reducedMotion: 'reduce', ...options })
  const ask = async (path: string, init?: RequestInit): Promise<unknown> =>
    (await fetch(`${service.baseUrl}/api/v1/inference/${path}`, init)).json()

  it('opens a model from its row; Escape leads back', async () => {
    const { page, faults } = await open('?query=gpt-5.6&provider=openai')
    await page.locator('.rows [role=row]').first().waitFor()
    await page.locator('[role=grid]').focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Prices' }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('model-title')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.has('model')).toBe(false)
    expect(await page.evaluate('document.activeElement.id')).toBe('results')
    expect(faults).toEqual([])
  })

  it.each([{}, PHONE])('shows all of a model by its link, on a screen of %j', async (screen) => {
    const { page, faults } = await open('?model=openai/gpt-5.6', screen)
    const panel = page.getByRole('dialog', { name: 'GPT-5.6' })
    await panel.locator('.price-plot canvas').waitFor()
    await panel.getByText('272K').first().waitFor()
    expect(await panel.locator('.steps li').first().innerText()).toMatch(/30 Sep 2026.*\$5.00 → \$4.00/s)
    const { offers } = offersSchema.parse(await ask('offers/openai/gpt-5.6'))
    await panel.getByRole('button', { name: `Show all ${offers.length}` }).click()
    expect(await panel.locator('.offer-id').allInnerTexts()).toEqual(offers.map(({ entry }) => entry.id))
    const prices = offers.map(({ price }) => Number(price)).filter((price) => price > 0)
    const cheapest = offers.filter(({ price }) => Number(price) === Math.min(...prices))
    expect(await panel.getByText('cheapest', { exact: true }).count()).toBe(cheapest.length)
    expect(await panel.locator('pre').first().innerText()).toContain("openai('gpt-5.6')")
    expect(await violations(page)).toEqual([])
    expect(faults).toEqual([])
  })

  it('says what is wrong with a link to a model that is not there', async () => {
    const { page } = await open('?model=openai/gpt-5.66')
    expect(await page.getByRole('alert').innerText()).toMatch(/^No model openai\/gpt-5\.66\. Did you mean/)
  })

  it('chooses models by their rows, and compares them', async () => {
    const { page, faults } = await open('?provider=anthropic&sort=newest')
    const rows = page.locator('.rows [role=row]')
    for (const place of [0, 1]) {
      await rows.nth(place).hover()
      await rows.nth(place).getByRole('button', { name: 'Compare' }).click()
    }
    const tray = page.getByRole('complementary', { name: 'Chosen to compare' })
    const ids = await tray.locator('bdi').allInnerTexts()
    await tray.getByRole('link', { name: 'Compare' }).click()
    expect(await page.locator('.compare-head .id').allInnerTexts()).toEqual(ids)
    expect(new URL(page.url()).searchParams.getAll('compare')).toEqual(ids)
    expect(faults).toEqual([])
  })

  it.each([{}, PHONE])('marks differences and what is best, on a screen of %j', async (screen) => {
    const { page, faults } = await open(COMPARE_LINK, screen)
    const row = (title: string) =>
      page.locator('.compare-table tbody tr', { has: page.getByRole('rowheader', { name: title }) }).first()
    await row('Input').waitFor()
    expect(await row('Input').locator('td').allInnerTexts()).toEqual(['$4.00', '$1.25', '$0.435 best'])
    // A single known price is no cheaper than others that are unknown.
    expect(await row('Cache write').locator('.best').count()).toBe(0)
    expect(await row('Tool call').getAttribute('class')).toBeNull()
    expect(await violations(page)).toEqual([])
    await page.getByLabel('Only differences').check()
    expect(await page.getByRole('rowheader', { name: 'Tool call' }).count()).toBe(0)
    const scroller = page.locator('.compare-scroller')
    await scroller.evaluate((element) => element.scrollTo(400, 0))
    expect((await row('Input').getByRole('rowheader').boundingBox())?.x).toBe(0)
    expect(faults).toEqual([])
  })

  it.each([{}, PHONE])('ranks what is in view by cost, on a screen of %j', async (screen) => {
    const { page, faults } = await open('?view=cost&provider=groq&input_tokens=1500&requests=2000', screen)
    await page.locator('.cost-table tbody tr').first().waitFor()
    await page.getByLabel('Tokens out').fill('700')
    await page.locator('.cost-scroller[aria-busy=false]').waitFor()
    await expect.poll(() => page.url()).toContain('output_tokens=700')
    const { models } = listSchema.parse(await ask('models?provider=groq&limit=100'))
    const usage = { input_tokens: 1500, output_tokens: 700, requests: 2000 }
    const { results } = estimatesSchema.parse(
      await ask('estimate', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ models: models.map(({ id }) => id), ...usage }),
      }),
    )
    const priced = results.flatMap(({ id, estimate }) => (estimate === null ? [] : [{ id, ...estimate }]))
    const ranked = priced.sort((one, other) => Number(one.usd_total) - Number(other.usd_total))
    const shown = page.locator('.cost-table tbody tr')
    const expected = ranked.map(({ id, usd_total: usd }) => [id, usd === '0' ? null : `$${usd} exactly`])
    await expect
      .poll(() =>
        shown.evaluateAll((rows) =>
          rows.map((row) => [
            row.querySelector('.id')?.textContent,
            row.querySelector('td:last-child')?.getAttribute('data-tip') ?? null,
          ]),
        ),
      )
      .toEqual(expected)
    // What has no price is not taken for free.
    expect(await page.locator('.unpriced li').count()).toBe(models.length - ranked.length)
    expect(models.length - ranked.length).toBeGreaterThan(0)
    expect(await violations(page)).toEqual([])
    expect(faults).toEqual([])
  })
})
