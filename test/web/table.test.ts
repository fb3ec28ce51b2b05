import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seededService, type TestService } from '../service.ts'
import { CHROMIUM, openPage, soon, startBrowser } from './browser.ts'

const listSchema = z.object({ models: z.array(z.object({ id: z.string() })), total: z.number() })

describe.skipIf(CHROMIUM === undefined)('the table', () => {
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

  const open = (path: string) => openPage(browser, service.baseUrl + path)

  /** What the service itself answers. */
  async function list(query: string) {
    const answer = await fetch(`${service.baseUrl}/api/v1/inference/models?${query}`)
    const { models, total } = listSchema.parse(await answer.json())
    return { ids: models.map(({ id }) => id), total: `${total.toLocaleString('en')} models` }
  }

  /** The ids in view from the first row on, once the page shows so many models. */
  async function shownIds(page: Page, total: string): Promise<string[]> {
    await soon(() => page.locator('.count').textContent()).toBe(total)
    await soon(() => page.locator('.waiting').count()).toBe(0)
    return page.locator('.rows .id').allTextContents()
  }

  it.each([
    '',
    'query=claude+sonnet+4.5',
    'capabilities=reasoning,tool_call&open_weights=true&max_price=2&sort=-context',
    'provider=openai&status=deprecated&sort=name',
    'input_modality=image,pdf&min_context=200000&released_after=2026-03&sort=price',
  ])('shows what the service answers: %s', async (query) => {
    const { page, faults } = await open(`/?${query}`)
    const { ids, total } = await list(`${query}&limit=100`)
    const shown = await shownIds(page, total)
    expect(shown.length).toBeGreaterThan(5)
    expect(shown).toEqual(ids.slice(0, shown.length))
    expect(faults).toEqual([])
  })

  it('searches as one types, and Back undoes it', async () => {
    const { page } = await open('/')
    const all = await list('limit=100')
    await shownIds(page, all.total)
    await page.keyboard.press('/')
    await page.keyboard.type('gemini 3', { delay: 20 })
    const found = await list('query=gemini+3&limit=100')
    expect((await shownIds(page, found.total))[0]).toBe(found.ids[0])
    expect(await page.locator('.rows mark').first().textContent()).toMatch(/gemini/i)
    await page.goBack()
    expect((await shownIds(page, all.total))[0]).toBe(all.ids[0])
    expect(await page.locator('#search').inputValue()).toBe('')
  })

  it('is walked through by keyboard, to the last row', async () => {
    const { page } = await open('/?query=mistral')
    const { total } = await list('query=mistral')
    await shownIds(page, total)
    await page.locator('#search').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const second = await activeId(page)
    expect(second).toBe((await list('query=mistral&limit=2')).ids[1])
    await page.keyboard.press('End')
    const last = Number.parseInt(total, 10) - 1
    await soon(() => activeId(page)).toBe((await list(`query=mistral&offset=${last}`)).ids[0])
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).searchParams.get('model')).toBe(await activeId(page))
  })

  async function activeId(page: Page) {
    const row = await page.locator('#results').getAttribute('aria-activedescendant')
    return page.locator(`#${row} .id`).textContent()
  }

  it('holds all rows, wherever it is scrolled to', async () => {
    const { page } = await open('/')
    const { total } = await list('')
    await shownIds(page, total)
    await page.locator('#results').evaluate((grid) => grid.scrollTo(0, 5_000 * 52))
    const { ids } = await list('offset=5000&limit=5')
    await soon(() => page.locator('#row-5002 .id').allTextContents()).toEqual(ids.slice(2, 3))
    expect(await page.locator('.rows [role=row]').count()).toBeLessThan(60)
  })

  it('is filtered by what the filters show', async () => {
    const { page } = await open('/?query=claude')
    await shownIds(page, (await list('query=claude')).total)
    const reasoning = page.getByLabel(/^reasoning/)
    const label = page.locator('label', { has: reasoning })
    await soon(() => label.locator('.choice-count').textContent()).toMatch(/\d/)
    await reasoning.check()
    const { total } = await list('query=claude&capabilities=reasoning')
    await shownIds(page, total)
    expect(await label.locator('.choice-count').textContent()).toBe(total)
    await page.getByLabel('Highest price').fill('7')
    await shownIds(page, (await list('query=claude&capabilities=reasoning&max_price=3')).total)
    await page.getByRole('button', { name: 'Clear all' }).click()
    expect(new URL(page.url()).search).toBe('?query=claude')
  })

  it('offers what may have been meant', async () => {
    const { page } = await open('/?query=cluade+sonet')
    await page.getByRole('button', { name: 'claude sonnet' }).click()
    await shownIds(page, (await list('query=claude+sonnet')).total)
  })

  it('says why a request is refused, in the words of the service', async () => {
    const { page } = await open('/?min_price=cheap')
    await soon(() => page.locator('.nothing').textContent()).toContain('min_price: must be')
  })

  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

  it.each([
    ['/?query=claude', 1_440, 'light'],
    ['/?status=deprecated', 1_440, 'dark'],
    ['/', 390, 'dark'],
    ['/?query=cluade', 820, 'light'],
  ] as const)('keeps nobody out: %s at %i px, %s', async (path, width, colorScheme) => {
    const viewport = { width, height: 900 }
    const { page, faults } = await openPage(browser, service.baseUrl + path, { viewport, colorScheme })
    await soon(() => page.locator('.count').textContent()).toMatch(/model/)
    await page.evaluate(axe)
    const violations = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
    )
    expect(violations).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(faults).toEqual([])
  })
})
