import { expect } from 'vitest'
import { z } from 'zod'
import { entryListSchema } from '../../src/catalog/entry.ts'
import { changeListSchema } from '../../src/history/changes.ts'
import { count, date, money, tokens } from '../../src/web/format.ts'
import { pricedEntries } from './priced-entries.ts'
import { type Shown, type Stop, walk } from './walk.ts'

/** The plot counts and lists what the service has: all that are placed, and the frontier beaten by none. */
function plots(query: string, axis: 'context' | 'released') {
  return async ({ page, ask }: Shown) => {
    const { total, placed } = await pricedEntries(ask, query, axis)
    const said = await page.locator('.plot-view .count').textContent()
    expect(said).toContain(`${count(placed.length)} of ${count(total)} models`)
    if (placed.length < total) expect(said).toContain(`${count(total - placed.length)} left out`)
    const legend = await page.locator('.legend .muted').allTextContents()
    const sum = legend.reduce((before, text) => before + Number(text.replaceAll(',', '')), 0)
    expect(sum).toBe(placed.length)
    const paid = placed.filter(({ price }) => price > 0)
    const ids = await page.locator('.frontier .id').allTextContents()
    expect(ids.length).toBeGreaterThan(1)
    const shown = ids.map((id) => paid.find((one) => one.id === id))
    for (const one of shown) {
      const beats = ({ at, price }: (typeof paid)[number]) =>
        one === undefined || (price < one.price && (axis === 'context' ? at >= one.at : at <= one.at))
      expect(paid.some(beats)).toBe(false)
    }
    expect(await page.locator('.frontier .number').allTextContents()).toEqual(
      shown.map((one) => money(one?.price)),
    )
  }
}

/** New models as the list has them, by their days. */
async function newest({ page, ask }: Shown) {
  const { models } = entryListSchema.parse(await ask('models?sort=newest&limit=100'))
  const texts = (selector: string) => page.locator(selector).allTextContents()
  expect(await texts('.news .id')).toEqual(models.map(({ id }) => id))
  expect(await texts('.news-context')).toEqual(
    models.map(({ limits }) => `${tokens(limits?.context)} context`),
  )
  const days = new Set(models.map((entry) => date(entry.release_date)))
  expect(await texts('.day h2')).toEqual([...days])
}

/** The first changes of a field that went one way are those of the history, with before and after. */
function tells(field: string, isTold: (before: unknown, after: unknown) => boolean) {
  return async ({ page, ask }: Shown) => {
    const { changes } = changeListSchema.parse(await ask(`changes?field=${field}&limit=100`))
    const told = changes.filter(({ before, after }) => isTold(before, after)).slice(0, 5)
    expect(told.length).toBeGreaterThan(0)
    const write = (value: unknown) =>
      typeof value === 'number' ? money(value) : typeof value === 'string' ? value : 'in service'
    const texts = async (selector: string) =>
      (await page.locator(selector).allTextContents()).slice(0, told.length)
    expect((await texts('.news .id'))[0]).toBe(told[0]?.id)
    expect((await texts('.news-name'))[0]).toBe(told.find(({ name }) => name !== null)?.name)
    expect(await texts('.step-before')).toEqual(told.map(({ before }) => `from ${write(before)}`))
    expect(await texts('.step-after')).toEqual(told.map(({ after }) => `to ${write(after)}`))
  }
}

async function removed({ page, width, ask }: Shown) {
  // It is the last of the kinds.
  const kind = page.getByRole('link', { name: 'Removed' })
  expect(await kind.evaluate((link) => link.getBoundingClientRect().right)).toBeLessThanOrEqual(width)
  const { changes } = changeListSchema.parse(await ask('changes?kind=removed&limit=100'))
  const models = changes.filter(({ model_id: model }) => model !== null)
  expect(await page.locator('.news .id').allTextContents()).toEqual(models.map(({ id }) => id))
  const names = models.map(({ before }) => z.object({ name: z.string() }).parse(before).name)
  expect(await page.locator('.news-name').allTextContents()).toEqual(names)
  expect(await page.locator('.day h2').first().textContent()).toBe(date(changes[0]?.at.slice(0, 10)))
}

const isNumber = (value: unknown) => typeof value === 'number'
const isCut = (before: unknown, after: unknown) =>
  isNumber(before) && isNumber(after) && Number(after) < Number(before)
const isRise = (before: unknown, after: unknown) =>
  isNumber(before) && isNumber(after) && Number(after) > Number(before)

const STOPS: Stop[] = [
  {
    name: 'plot',
    query: '?view=plot&capabilities=tool_call',
    drawn: '.chart canvas',
    holds: plots('&capabilities=tool_call', 'context'),
  },
  {
    name: 'plot by date',
    query: '?view=plot&x=released&colour=weights&provider=openai',
    drawn: '.chart canvas',
    holds: plots('&provider=openai', 'released'),
  },
  {
    name: 'plot pointed at',
    query: '?view=plot&provider=mistral',
    drawn: '.chart-tip',
    act: async (page) => {
      await page.locator('.chart canvas').waitFor()
      const box = await page.locator('.u-over').boundingBox()
      for (let left = 4; box && left < box.width; left += 8) {
        for (let top = 8; top < box.height; top += 24) {
          await page.mouse.move(box.x + left, box.y + top)
          if ((await page.locator('.chart-tip').count()) > 0) return
        }
      }
    },
  },
  { name: 'plot nothing', query: '?view=plot&query=nothing-is-called-so', drawn: '.nothing' },
  { name: 'new models', query: '?view=changes', drawn: '.news', holds: newest },
  { name: 'cuts', query: '?view=changes&what=cuts', drawn: '.news', holds: tells('cost', isCut) },
  { name: 'rises', query: '?view=changes&what=rises', drawn: '.news', holds: tells('cost', isRise) },
  { name: 'status', query: '?view=changes&what=status', drawn: '.news', holds: tells('status', () => true) },
  { name: 'removed', query: '?view=changes&what=removed', drawn: '.news', holds: removed },
  { name: 'no changes', query: '?view=changes&what=rises&provider=ghost', drawn: '.nothing' },
]

walk('plot and changes', STOPS)
