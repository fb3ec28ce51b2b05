import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { soon } from './browser.ts'
import { describeSite } from './site.ts'

const listSchema = z.object({ models: z.array(z.object({ id: z.string() })), total: z.number() })

describeSite('the table', ({ open, ask }) => {
  /** What the service itself answers. */
  async function list(query: string) {
    const { models, total } = listSchema.parse(await ask(`models?${query}`))
    return { ids: models.map(({ id }) => id), total: `${total.toLocaleString('en')} models` }
  }

  /** The ids in view from the first row on, once the page shows so many models. */
  async function shownIds(page: Page, total: string): Promise<string[]> {
    await soon(() => page.locator('.count').textContent()).toBe(total)
    await soon(() => page.locator('.waiting').count()).toBe(0)
    return page.locator('.rows .id').allTextContents()
  }

  it.each([
    'capabilities=reasoning,tool_call&open_weights=true&max_price=2&sort=-context',
    'input_modality=image,pdf&min_context=200000&released_after=2026-03&sort=price',
  ])('shows what the service answers: %s', async (query) => {
    const { page, faults } = await open(`/?${query}`)
    const { ids, total } = await list(`${query}&limit=100`)
    const shown = await shownIds(page, total)
    expect(shown.length).toBeGreaterThan(5)
    expect(shown).toEqual(ids.slice(0, shown.length))
    expect(faults).toEqual([])
  })

  it('is searched as one types, walked through and opened by keyboard alone, and Back undoes it', async () => {
    const { page, faults } = await open('/')
    const all = await list('limit=100')
    await shownIds(page, all.total)
    await page.keyboard.press('/')
    await page.keyboard.type('gemini 3', { delay: 20 })
    const found = await list('query=gemini+3&limit=100')
    expect((await shownIds(page, found.total))[0]).toBe(found.ids[0])
    expect(await page.locator('.rows mark').first().textContent()).toMatch(/gemini/i)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await activeId(page)).toBe(found.ids[1])
    await page.keyboard.press('End')
    const last = Number.parseInt(found.total, 10) - 1
    await soon(() => activeId(page)).toBe((await list(`query=gemini+3&offset=${last}`)).ids[0])
    const opened = await activeId(page)
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).searchParams.get('model')).toBe(opened)
    await page.goBack()
    expect(new URL(page.url()).search).toBe('?query=gemini+3')
    await page.goBack()
    expect((await shownIds(page, all.total))[0]).toBe(all.ids[0])
    expect(await page.locator('#search').inputValue()).toBe('')
    expect(faults).toEqual([])
  })

  async function activeId(page: Page) {
    const row = await page.locator('#results').getAttribute('aria-activedescendant')
    return page.locator(`#${row} .id`).textContent()
  }

  it('holds all rows, each in its place, and draws few', async () => {
    const { page, faults } = await open('/')
    const { total, ids } = await list('limit=100')
    await shownIds(page, total)
    const height = await page.locator('.rows').evaluate((rows) => rows.clientHeight)
    const count = Number(total.replace(/\D/g, ''))
    for (const part of [0.25, 0.5, 0.75, 1]) {
      await page.locator('#results').evaluate((grid, top) => grid.scrollTo(0, top), height * part)
      const place = Math.floor((count - 1) * part)
      const [id] = (await list(`limit=1&offset=${place}`)).ids
      await soon(() => page.locator(`#row-${place} .id`).allTextContents()).toEqual([id])
    }
    expect(await page.locator('.rows [role=row]').count()).toBeLessThan(60)
    await page.locator('#results').evaluate((grid) => grid.scrollTo(0, 0))
    await soon(async () => (await page.locator('.rows .id').allTextContents())[0]).toBe(ids[0])
    expect(faults).toEqual([])
  })

  it('never paints an answer to an earlier search over a later one', async () => {
    const { page, faults } = await open('/')
    await page.locator('.rows .name').first().waitFor()
    const held = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    await page.route('**/models?query=claude&*', async (route) => {
      held.resolve()
      await released.promise
      await route.fallback().catch(() => undefined)
    })
    await page.locator('#search').fill('claude')
    await held.promise
    await page.locator('#search').fill('gemini')
    await soon(() => page.locator('.rows .id').first().textContent()).toMatch(/gemini/)
    released.resolve()
    await page.waitForTimeout(500)
    expect(await page.locator('.rows .id').first().textContent()).toMatch(/gemini/)
    expect(faults).toEqual([])
  })

  it('takes every letter, however slow the page is', async () => {
    const { page } = await open('/')
    await page.locator('.rows .name').first().waitFor()
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 8 })
    // Each letter comes about when the one before is searched for.
    await page.locator('#search').pressSequentially('claude opus 4.5', { delay: 75 })
    expect(await page.locator('#search').inputValue()).toBe('claude opus 4.5')
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await shownIds(page, (await list('query=claude+opus+4.5')).total)
  })

  it('is searched from anywhere, and left by Escape', async () => {
    const { page } = await open('/?query=mistral')
    await page.locator('.rows .name').first().waitFor()
    const focused = () => page.evaluate('document.activeElement.id')
    await page.locator('#results').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Control+k')
    expect(await focused()).toBe('search')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('results')
    await page.keyboard.press('Escape')
    expect(await focused()).toBe('search')
    await page.keyboard.press('Escape')
    await soon(() => page.locator('#search').inputValue()).toBe('')
    await soon(() => Promise.resolve(new URL(page.url()).search)).toBe('')
  })

  it('is searched from a filter, too', async () => {
    const { page } = await open('/')
    await page.getByLabel(/^reasoning/).check()
    await page.keyboard.press('/')
    expect(await page.evaluate('document.activeElement.id')).toBe('search')
    expect(await page.locator('#search').inputValue()).toBe('')
  })

  it('links to what is shown, with all that was chosen since', async () => {
    const { page } = await open('/')
    const rows = page.locator('.rows [role=row]')
    await rows.first().hover()
    await rows.first().getByRole('button', { name: 'Compare' }).click()
    await soon(() => rows.nth(1).locator('.name').getAttribute('href')).toContain('compare=')
  })

  it('has the columns that suit the window, and says which', async () => {
    const { page } = await open('/')
    await page.locator('.rows .name').first().waitFor()
    await page.locator('.column-menu summary').click()
    const checked = () => page.locator('.column-menu input:checked').count()
    const heads = page.getByRole('columnheader')
    for (const width of [1_100, 1_440]) {
      await page.setViewportSize({ width, height: 900 })
      await soon(async () => (await checked()) + 1).toBe(width === 1_100 ? 6 : 8)
      expect(await heads.count()).toBe(width === 1_100 ? 6 : 8)
    }
  })

  it('is sorted by its heads: one way, the other, and as before', async () => {
    const { page, faults } = await open('/?provider=mistral')
    const head = page.getByRole('columnheader', { name: 'Context' })
    const asked = ['sort=context', 'sort=-context', '']
    for (const [step, sort] of asked.entries()) {
      await head.getByRole('button').click()
      const { ids, total } = await list(`provider=mistral&limit=100&${sort}`)
      await soon(async () => (await shownIds(page, total)).slice(0, 5)).toEqual(ids.slice(0, 5))
      expect(await head.getAttribute('aria-sort')).toBe(['descending', 'ascending', 'none'][step])
    }
    await page.getByLabel('Order').selectOption('Cheapest first')
    const { ids, total } = await list('provider=mistral&limit=100&sort=price')
    await soon(async () => (await shownIds(page, total)).slice(0, 5)).toEqual(ids.slice(0, 5))
    expect(faults).toEqual([])
  })

  it('shows the columns that are chosen, and copies an id by one click', async () => {
    const { page, faults } = await open('/?provider=openai')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.locator('.rows .name').first().waitFor()
    const heads = page.getByRole('columnheader')
    expect(await heads.filter({ hasText: 'Knowledge' }).count()).toBe(0)
    await page.locator('.column-menu summary').click()
    await page.getByLabel('Knowledge').check()
    await page.getByLabel('Provider', { exact: true }).uncheck()
    expect(await heads.filter({ hasText: 'Knowledge' }).count()).toBe(1)
    expect(await heads.filter({ hasText: 'Provider' }).count()).toBe(0)
    expect(new URL(page.url()).searchParams.get('columns')).toContain('knowledge')
    await page.keyboard.press('Escape')
    const row = page.locator('.rows [role=row]').nth(2)
    await row.hover()
    await row.getByRole('button', { name: 'Copy id' }).click()
    const copied = () => page.evaluate('navigator.clipboard.readText()')
    expect(await copied()).toBe(await row.locator('.id').textContent())
    await page.locator('#results').focus()
    await page.keyboard.press('c')
    await soon(copied).toBe((await list('provider=openai&limit=1')).ids[0])
    expect(faults).toEqual([])
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

  it('tells a service that failed from a request that is wrong', async () => {
    const { page } = await open('/')
    await page.route('**/models?query=opus*', (route) =>
      route.fulfill({ status: 500, json: { code: 500, detail: 'Internal error', type: 'server_error' } }),
    )
    await page.locator('#search').fill('opus')
    const title = page.locator('.nothing-title')
    await soon(() => title.textContent()).toBe('The service failed')
    await page.goto(page.url().replace('query=opus', 'min_price=cheap'))
    await soon(() => title.textContent()).toBe('That cannot be asked')
  })

  it('offers what may have been meant', async () => {
    const { page } = await open('/?query=cluade+sonet')
    await page.getByRole('button', { name: 'claude sonnet' }).click()
    await shownIds(page, (await list('query=claude+sonnet')).total)
  })
})
