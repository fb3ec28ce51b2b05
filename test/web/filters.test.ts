import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { entryListSchema } from '../../src/catalog/entry.ts'
import { plural } from '../../src/web/format.ts'
import { screenOf, soon, WIDTHS } from './browser.ts'
import { describeSite } from './site.ts'

/** What a person does to each filter, and what the URL says of it then. */
const FILTERS: [does: string, act: (page: Page) => Promise<unknown>, name: string, value: string][] = [
  [
    'finds a provider by its name, and chooses it',
    async (page) => {
      await page.getByLabel('Find: provider').fill('vercel')
      await page.getByRole('button', { name: 'Vercel AI Gateway' }).click()
    },
    'provider',
    'vercel',
  ],
  [
    'requires capabilities',
    async (page) => {
      await page.getByLabel(/^tool call/).check()
      await page.getByLabel(/^reasoning/).check()
    },
    'capabilities',
    'tool_call,reasoning',
  ],
  ['bounds the price', (page) => page.getByLabel('Highest price').fill('10'), 'max_price', '15'],
  [
    'bounds the context window',
    (page) => page.getByLabel('Lowest context window').fill('4'),
    'min_context',
    '64000',
  ],
  ['wants closed weights', (page) => page.getByLabel(/^closed/).check(), 'open_weights', 'false'],
  [
    'wants images taken',
    (page) =>
      filterOf(page, 'Takes in')
        .getByLabel(/^image/)
        .check(),
    'input_modality',
    'image',
  ],
  [
    'wants text given',
    (page) => filterOf(page, 'Puts out').getByLabel(/^text/).check(),
    'output_modality',
    'text',
  ],
  ['wants what is in service', (page) => page.getByLabel(/^in service/).check(), 'status', 'none'],
  [
    'wants what came this year',
    (page) => page.getByLabel('Released since').fill('2026-01-01'),
    'released_after',
    '2026-01-01',
  ],
]

function filterOf(page: Page, title: string) {
  return page.getByRole('group', { name: title })
}

describeSite('the filters', ({ baseUrl, open, ask }) => {
  const totalOf = async (query: string) => {
    return plural(entryListSchema.parse(await ask(`models?limit=1&${query}`)).total, 'model')
  }

  it('leaves a bound as a link gave it while the other is set, and Back undoes one at a time', async () => {
    const { page } = await open('/?max_price=7')
    const search = () => Promise.resolve(new URL(page.url()).search)
    await page.getByLabel('Lowest price').fill('3')
    await soon(search).toBe('?min_price=0.2&max_price=7')
    await page.getByLabel('Highest price').fill('10')
    await soon(search).toBe('?min_price=0.2&max_price=15')
    await page.goBack()
    await soon(search).toBe('?min_price=0.2&max_price=7')
  })

  it('never asks for a range that holds nothing', async () => {
    // Its notch is that of 0.5.
    const { page } = await open('/?max_price=0.45')
    const lowest = page.getByLabel('Lowest price')
    await lowest.focus()
    for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowRight')
    await soon(() => Promise.resolve(new URL(page.url()).search)).toBe('?min_price=0.5&max_price=0.5')
  })

  it('is one step for Back to type a date', async () => {
    const { page } = await open('/')
    await page.getByLabel('Released since').focus()
    await page.keyboard.type('03042026')
    await soon(() => Promise.resolve(new URL(page.url()).search)).toBe('?released_after=2026-03-04')
    await page.goBack()
    expect(new URL(page.url()).search).toBe('')
  })

  it.each(WIDTHS)(
    'narrow the list together, say so in the URL, and Back undoes them, at %i px',
    async (width) => {
      const { page, faults } = await open('/', screenOf(width))
      const count = page.locator('.count')
      const begun = await totalOf('')
      await soon(() => count.textContent()).toBe(begun)
      if (width < 1_440) await page.getByRole('button', { name: 'Filters' }).click()
      await filterOf(page, 'Provider').locator('.choice-count').first().waitFor()
      const asked: string[] = []
      for (const [does, act, name, value] of FILTERS) {
        await act(page)
        asked.push(`${name}=${value}`)
        await soon(() => Promise.resolve(decodeURIComponent(new URL(page.url()).search))).toContain(
          `${name}=${value}`,
        )
        const total = await totalOf(asked.join('&'))
        expect(total, does).not.toBe('0 models')
        await soon(() => count.textContent()).toBe(total)
      }
      const link = page.url().slice(baseUrl().length)
      await page.goBack()
      await soon(() => count.textContent()).toBe(await totalOf(asked.slice(0, -1).join('&')))
      expect(faults).toEqual([])
      const other = await open(link, screenOf(width))
      await soon(() => other.page.locator('.count').textContent()).toBe(await totalOf(asked.join('&')))
      if (width < 1_440) await other.page.getByRole('button', { name: 'Filters' }).click()
      await other.page.getByRole('button', { name: 'Clear all' }).click()
      await soon(() => other.page.locator('.count').textContent()).toBe(begun)
      expect(new URL(other.page.url()).search).toBe('')
      await page.context().close()
      await other.page.context().close()
    },
  )
})
