import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { entryListSchema } from '../../src/catalog/entry.ts'
import { SCHEMES, soon } from './browser.ts'
import { describeSite } from './site.ts'

/** A4 without its margins, in px of CSS. */
const SHEET = { width: 688, height: 1_017 }
const WHITE = 'rgba(0, 0, 0, 0)'
/** The lightest that a canvas has painted, as the sum of red, green and blue: on paper the lines behind the points. */
const LIGHTEST = `(() => {
  const canvas = document.querySelector('canvas')
  const { width, height } = canvas
  const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  copy.drawImage(canvas, 0, 0)
  const { data } = copy.getImageData(0, 0, width, height)
  let lightest = 0
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255) lightest = Math.max(lightest, data[at] + data[at + 1] + data[at + 2])
  }
  return lightest
})()`
const LINE_ON_PAPER = 0xec + 0xee + 0xf2

describeSite('on paper', ({ baseUrl, open, ask }) => {
  const print = async (query: string, drawn: string, colorScheme: (typeof SCHEMES)[number] = 'dark') => {
    const { page, faults } = await open(`/${query}`, { colorScheme })
    await page.locator(drawn).first().waitFor()
    await page.emulateMedia({ media: 'print', colorScheme })
    return { page, faults, name: query.replace(/\W+/g, '-') }
  }
  const keep = async (page: Page, name: string) => {
    await page.setViewportSize(SHEET)
    await page.screenshot({ path: `test-results/browser/print${name}.png`, fullPage: true })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(SHEET.width)
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(WHITE)
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light')
    for (const tool of ['.search', '.views', '.filters', '.icon-button:visible', '.more']) {
      expect(await page.locator(tool).filter({ visible: true }).count(), tool).toBe(0)
    }
  }

  it('the table has all rows that are loaded, and says where the others are', async () => {
    const { page, faults, name } = await print('?query=opus', '.rows .name')
    const { models, total } = entryListSchema.parse(await ask('models?query=opus&limit=100'))
    const ids = () => page.locator('.rows .id').allTextContents()
    await soon(ids).toEqual(models.map(({ id }) => id))
    const note = page.locator('.print-note', { hasText: 'The first' })
    const csv = `${baseUrl()}/api/v1/inference/models?query=opus&format=csv`
    expect(await note.innerText()).toContain(`The first 100 of ${total} models`)
    expect(await note.innerText()).toContain(csv)
    expect((await (await fetch(csv)).text()).trim().split('\n')).toHaveLength(total + 1)
    // Nothing stands over anything else.
    const tops = await page
      .locator('.rows .row')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top))
    expect(tops).toEqual(tops.toSorted((one, other) => one - other))
    expect(new Set(tops).size).toBe(100)
    await keep(page, name)
    await page.emulateMedia({ media: 'screen' })
    await soon(async () => (await ids()).length).toBeLessThan(60)
    expect(faults).toEqual([])
  })

  it('a table that is there whole says no more', async () => {
    const { page } = await print('?query=opus&provider=anthropic', '.rows .name')
    expect(await page.locator('.print-note', { hasText: 'The first' }).count()).toBe(0)
  })

  it.each(SCHEMES)('a plot has the colours of paper, where the screen is %s', async (scheme) => {
    const { page, faults, name } = await print('?view=plot&capabilities=tool_call', '.chart canvas', scheme)
    await soon(() => page.evaluate(LIGHTEST)).toBe(LINE_ON_PAPER)
    await keep(page, `${name}-${scheme}`)
    const canvas = await page.locator('.chart canvas').boundingBox()
    expect((canvas?.x ?? 0) + (canvas?.width ?? 0)).toBeLessThanOrEqual(SHEET.width)
    await page.emulateMedia({ media: 'screen', colorScheme: scheme })
    const isAgain = async () => (await page.evaluate(LIGHTEST)) === LINE_ON_PAPER
    await soon(isAgain).toBe(scheme === 'light')
    expect(faults).toEqual([])
  })

  it('a model is there whole, and alone', async () => {
    const { page, faults, name } = await print('?model=openai/gpt-5.6', '.price-plot canvas')
    await page.getByText('55 offers').waitFor()
    await soon(() => page.locator('.offer').count()).toBe(55)
    expect(await page.locator('.rows').isVisible()).toBe(false)
    const panel = page.locator('.panel')
    const isWhole = await panel.evaluate((element) => element.scrollHeight <= element.clientHeight)
    expect(isWhole).toBe(true)
    await keep(page, name)
    expect(faults).toEqual([])
  })

  it.each([
    ['?view=compare&compare=openai/gpt-5.6&compare=google/gemini-2.5-pro', '.is-best'],
    ['?view=cost', '.cost-table .id'],
    ['?view=changes&what=rises', '.step-change'],
  ])('%s is there whole', async (query, drawn) => {
    const { page, faults, name } = await print(query, drawn)
    const scroller = page.locator(':is(.compare-scroller, .cost-scroller, .changes-view)')
    expect(await scroller.evaluate((element) => element.scrollHeight <= element.clientHeight + 1)).toBe(true)
    await keep(page, name)
    expect(faults).toEqual([])
  })

  it('is told by the browser itself: a document of pages', async () => {
    const { page } = await open('/?query=opus', { colorScheme: 'dark' })
    await page.locator('.rows .name').first().waitFor()
    const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g)
    // A hundred rows, some twenty to a sheet.
    expect(pages?.length).toBeGreaterThanOrEqual(3)
  })
})
