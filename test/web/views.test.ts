import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { ingest } from '../../src/ingest/ingest.ts'
import { axeFindings } from './axe.ts'
import { soon } from './browser.ts'
import { describeSite } from './site.ts'

const changesSchema = z.object({
  changes: z.array(
    z.object({
      at: z.string(),
      id: z.string(),
      field: z.string().nullable(),
      before: z.json(),
      after: z.json(),
    }),
  ),
})

const modelsSchema = z.object({ models: z.array(z.object({ id: z.string() })) })

describeSite('the views', ({ open, ask }) => {
  it('the table is where it was left when one comes back, another list at its top', async () => {
    const { page } = await open('/')
    const grid = page.locator('#results')
    const top = () => grid.evaluate((element) => element.scrollTop)
    await page.locator('.rows .name').first().waitFor()
    await grid.evaluate((element) => element.scrollTo(0, 20_000))
    await page.getByRole('link', { name: 'Cost', exact: true }).click()
    await page.locator('.cost-view').waitFor()
    await page.goBack()
    const { models } = modelsSchema.parse(await ask('models?limit=1&offset=386'))
    await soon(() => page.locator('#row-386 .id').allTextContents()).toEqual(models.map(({ id }) => id))
    expect(await top()).toBe(20_000)
    await page.getByLabel('Order').selectOption('By name')
    await soon(top).toBe(0)
  })

  it.each(['table', 'plot', 'cost', 'compare', 'changes'])('the search leads to the %s', async (view) => {
    const { page } = await open(`/?view=${view}&compare=openai/gpt-5.6`)
    await page.locator('#results').waitFor()
    for (const key of ['ArrowDown', 'Enter']) {
      await page.locator('#search').focus()
      await page.keyboard.press(key)
      expect(await page.evaluate('document.activeElement.id')).toBe('results')
    }
  })
})

describeSite('the plot', ({ open }) => {
  const openPlot = async (query: string) => {
    const watched = await open(`/?view=plot${query}`)
    await watched.page.locator('.chart canvas').waitFor()
    return watched
  }
  it('names the model pointed at, and opens the one clicked', async () => {
    const { page, faults } = await openPlot('&provider=mistral')
    const over = page.locator('.u-over')
    const box = await over.boundingBox()
    if (box === null) throw new Error('the plot has no place')
    // Somewhere on the way across there is a model.
    for (let left = 4; left < box.width; left += 8) {
      for (let top = 8; top < box.height; top += 24) {
        await page.mouse.move(box.x + left, box.y + top)
        if ((await page.locator('.chart-tip').count()) === 0) continue
        // It may still be the one of the place before.
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
        if ((await page.locator('.chart-tip').count()) === 0) continue
        const named = await page.locator('.chart-tip .id').textContent()
        expect(named).toMatch(/^mistral\//)
        await page.mouse.click(box.x + left, box.y + top)
        await expect.poll(() => new URL(page.url()).searchParams.get('model')).toBe(named)
        expect(faults).toEqual([])
        return
      }
    }
    throw new Error('no model was found in the plot')
  })

  it('keeps its place and its colours with the window and the scheme', async () => {
    const { page, faults } = await openPlot('&x=released&colour=weights')
    const canvas = page.locator('.chart canvas')
    const before = await canvas.screenshot()
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(async () => (await canvas.screenshot()).equals(before)).toBe(false)
    await page.setViewportSize({ width: 1024, height: 700 })
    const widths = "[...document.querySelectorAll('.chart-place, .chart canvas')].map((e) => e.clientWidth)"
    await expect
      .poll(async () => new Set(z.array(z.number()).parse(await page.evaluate(widths))).size)
      .toBe(1)
    expect(faults).toEqual([])
  })

  it('asks once for what it has', async () => {
    const { page } = await openPlot('')
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('ndjson')) asked.push(request.url())
    })
    await page.getByRole('link', { name: 'Changes' }).click()
    await page.locator('.news').first().waitFor()
    await page.goBack()
    await page.locator('.chart canvas').waitFor()
    expect(asked).toEqual([])
  })
})

describeSite('a plot that does not arrive', ({ open }) => {
  const places = [
    ['?view=plot&provider=mistral', '.chart'],
    ['?model=openai/gpt-5.6', '.price-plot'],
  ] as const
  /** A page whose first requests for what draws plots come to nothing, and the addresses that it asked. */
  async function openFailing(query: string, times: number) {
    const { page, faults } = await open('/')
    const asked: string[] = []
    await page.route('**/uplot.js*', (route) => {
      asked.push(route.request().url())
      return asked.length > times ? route.fallback() : route.abort()
    })
    await page.goto(new URL(query, page.url()).href)
    await page.getByText('The plot could not be loaded').waitFor()
    return { page, faults, asked }
  }

  it.each(places)(
    'is told, and tried again by a button that leaves the keyboard near: %s',
    async (query, place) => {
      const { page, faults, asked } = await openFailing(query, 2)
      expect(await axeFindings(page)).toEqual([])
      const button = page.locator(place).getByRole('button', { name: 'Try again' })
      await button.press('Enter')
      await soon(() => Promise.resolve(asked.length)).toBe(2)
      await button.press('Enter')
      await page.locator(`${place} canvas`).waitFor()
      expect(await button.count()).toBe(0)
      expect(await page.evaluate("document.activeElement.closest('main, dialog') !== null")).toBe(true)
      // Many browsers keep that an address failed.
      expect(new Set(asked).size).toBe(3)
      expect(faults.filter((fault) => !fault.includes('net::ERR_FAILED'))).toEqual([])
    },
  )

  it('is tried again when one comes back to it, with all that stands beside it there meanwhile', async () => {
    const { page, asked } = await openFailing('?view=plot&provider=mistral', 1)
    expect(await page.locator('.frontier .id').count()).toBeGreaterThan(0)
    await page.getByRole('link', { name: 'Changes' }).click()
    await page.locator('.news').first().waitFor()
    await page.getByRole('link', { name: 'Plot' }).click()
    await page.locator('.chart canvas').waitFor()
    expect(asked).toHaveLength(2)
  })
})

const catalogOf = (...names: string[]) => ({
  acme: {
    id: 'acme',
    models: Object.fromEntries(
      names.map((name) => [
        name,
        { id: name, name, cost: { input: 1, output: 2 }, limit: { context: 8_000, output: 10 } },
      ]),
    ),
  },
})

describeSite(
  'a catalog that is loaded meanwhile',
  ({ open, db }) => {
    it('is drawn when one comes back to the plot', async () => {
      const { page } = await open('/?view=plot')
      const told = () => page.locator('.plot-view .count').textContent()
      await soon(told).toBe('1 of 1 model')
      const source = `${db()}.next.json`
      writeFileSync(source, JSON.stringify(catalogOf('one', 'two')))
      await ingest({ db: db(), from: source })
      await page.getByRole('link', { name: 'Models', exact: true }).click()
      await soon(() => page.locator('.rows .name').count()).toBe(2)
      await page.getByRole('link', { name: 'Plot' }).click()
      await soon(told).toBe('2 of 2 models')
    })
  },
  { catalog: catalogOf('one') },
)

describeSite('what changed', ({ open, ask }) => {
  const openNews = async (query: string) => {
    const watched = await open(`/?view=changes${query}`)
    await watched.page.locator('.news').first().waitFor()
    return watched
  }
  const shownIds = (page: Page) => page.locator('.news .id').allTextContents()
  const changes = async (query: string) =>
    changesSchema.parse(await ask(`changes?limit=100&${query}`)).changes

  it('begins with the newest models that match', async () => {
    const { page, faults } = await openNews('&provider=openai')
    const { models } = modelsSchema.parse(await ask('models?provider=openai&sort=newest&limit=100'))
    expect(await shownIds(page)).toEqual(models.map(({ id }) => id))
    expect(faults).toEqual([])
  })

  it.each(['cuts', 'rises'])('tells %s of prices with before, after and by how much', async (kind) => {
    const { page } = await openNews(`&what=${kind}&provider=openai`)
    const [first] = (await changes('provider=openai&field=cost')).filter(({ before, after }) => {
      if (typeof before !== 'number' || typeof after !== 'number') return false
      return kind === 'cuts' ? after < before : after > before
    })
    const row = page.locator('.news').first()
    expect(await row.locator('.id').textContent()).toBe(first?.id)
    const change = (Number(first?.after) / Number(first?.before) - 1) * 100
    expect(await row.locator('.step-change').first().textContent()).toContain(
      String(Math.abs(change) >= 10 ? Math.round(Math.abs(change)) : Number(Math.abs(change).toFixed(1))),
    )
    expect(await page.locator('.is-worse').count()).toBe(
      kind === 'cuts' ? 0 : await page.locator('.step').count(),
    )
  })

  it('tells what was removed, by day, page after page', async () => {
    const { page, faults } = await openNews('&what=removed')
    const removed = await changes('kind=removed')
    expect(await shownIds(page)).toEqual(removed.map(({ id }) => id))
    expect(await page.locator('.day h2').first().textContent()).toBe('30 Sep 2026')
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(async () => (await shownIds(page)).length).toBeGreaterThan(removed.length)
    expect(faults).toEqual([])
  })

  it('leads to the model, and Back to where it was', async () => {
    const { page } = await openNews('&what=status')
    const [id] = await shownIds(page)
    await page.locator('.news-model').first().click()
    expect(new URL(page.url()).searchParams.get('model')).toBe(id)
    await page.goBack()
    expect(new URL(page.url()).search).toBe('?view=changes&what=status')
  })
})
