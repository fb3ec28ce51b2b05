import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { entryListSchema } from '../../src/catalog/entry.ts'
import { facetsSchema } from '../../src/catalog/facets-answer.ts'
import { count, date, money, plural, tokens, words } from '../../src/web/format.ts'
import { CAPABILITIES } from '../../src/web/vocabulary.ts'
import { soon, type Width } from './browser.ts'
import { type Shown, type Stop, walk } from './walk.ts'

/** The rows are those of the service, in its order, each with its figures. */
function listed(query: string) {
  return async ({ page, ask }: Shown) => {
    const { models, total } = entryListSchema.parse(await ask(`models?${query}&limit=100`))
    await soon(() => page.locator('.count').textContent()).toBe(plural(total, 'model'))
    await soon(() => page.locator('.waiting').count()).toBe(0)
    const texts = (name: string) => page.locator(`.rows ${name}`).allTextContents()
    const ids = await texts('.id')
    const shown = models.slice(0, ids.length)
    expect(ids.length).toBeGreaterThan(Math.min(total, 7) - 1)
    expect(ids).toEqual(shown.map(({ id }) => id))
    expect(await texts('.name')).toEqual(shown.map(({ id, name }) => name ?? id))
    expect(await texts('.column-input')).toEqual(shown.map(({ cost }) => money(cost?.input)))
    expect(await texts('.column-output')).toEqual(shown.map(({ cost }) => money(cost?.output)))
    expect(await texts('.column-context')).toEqual(shown.map(({ limits }) => tokens(limits?.context)))
    if ((await texts('.column-released')).length === 0) return
    expect(await texts('.column-released')).toEqual(shown.map((entry) => date(entry.release_date)))
    const icons = page.locator('.rows .column-capabilities')
    const named = await icons.evaluateAll((cells) =>
      cells.map((cell) => [...cell.querySelectorAll('.named-icon .hidden')].map((icon) => icon.textContent)),
    )
    expect(named).toEqual(shown.map(({ capabilities }) => capabilities.map(words)))
  }
}

/** Where there is no room beside the table, the filters are called for. */
async function openFilters(page: Page, width: Width) {
  if (width < 1_440) await page.getByRole('button', { name: 'Filters' }).click()
}

/** Each choice has the count that the service has for it. */
function counted(query: string) {
  return async ({ page, ask }: Shown) => {
    const facets = facetsSchema.parse(await ask(`facets?${query}&ignore_own=true`))
    const countsIn = async (title: string) => {
      const filter = page.locator('.filter', { has: page.locator('legend', { hasText: title }) })
      const choices = filter.locator(':is(.check, .choice):has(.choice-count)')
      const titles = await choices.locator('.choice-title').allTextContents()
      const counts = await choices.locator('.choice-count').allTextContents()
      return titles.map((choice, place) => [choice, counts[place]?.replace(' models', '')])
    }
    const numberOf = (name: string) =>
      count(facets.capability.find(({ value }) => value === name)?.count ?? 0)
    const abilities = CAPABILITIES.map((name) => [words(name), numberOf(name)])
    await soon(() => countsIn('Capabilities')).toEqual(abilities)
    const modalities = facets.input_modality.flatMap(({ value, count: models }) =>
      value === null ? [] : [[value, count(models)]],
    )
    expect(await countsIn('Takes in')).toEqual(modalities)
    const shown = await countsIn('Provider')
    expect(shown.map(([, models]) => models)).toEqual(
      facets.provider.slice(0, shown.length).map(({ count: models }) => count(models)),
    )
    const bars = await page
      .locator('.filter:has-text("Price per 1M tokens") .bar')
      .evaluateAll((all) => all.map((bar) => bar.getAttribute('data-tip')?.split(': ')[1]))
    const buckets = facets.price.buckets.filter(({ count: models }) => models > 0)
    expect(bars).toEqual(buckets.map(({ count: models }) => count(models)))
  }
}

const NARROWED = 'query=opus&capabilities=tool_call&min_price=1&max_context=1000000&released_after=2026-01'
const CHOSEN = '?compare=openai/gpt-5.6&compare=anthropic/claude-opus-5-5'

const STOPS: Stop[] = [
  { name: 'models', query: '', drawn: '.rows .name', holds: listed('') },
  {
    name: 'search',
    query: '?query=opus',
    drawn: '.rows mark',
    holds: async (shown) => {
      await listed('query=opus')(shown)
      for (const mark of await shown.page.locator('mark').allTextContents()) expect(mark).toMatch(/^opus$/i)
    },
  },
  { name: 'filtered', query: `?${NARROWED}`, drawn: '.rows .name', holds: listed(NARROWED) },
  {
    name: 'deprecated',
    query: '?status=deprecated&sort=-context',
    drawn: '.is-deprecated .name',
    holds: listed('status=deprecated&sort=-context'),
  },
  {
    name: 'filters',
    query: `?${NARROWED}`,
    drawn: '.filter .bar',
    act: openFilters,
    holds: counted(NARROWED),
  },
  {
    name: 'columns',
    query: '?columns=output_limit,modalities,weights,knowledge',
    drawn: '.column-menu[open] label',
    act: (page) => page.locator('.column-menu summary').click(),
    holds: async ({ page, ask }) => {
      const { models } = entryListSchema.parse(await ask('models?limit=5'))
      const heads = await page.locator('[role=columnheader]').allTextContents()
      expect(heads.map((head) => head.replace(/\W*$/, ''))).toEqual([
        'Model',
        'Max out',
        'In → out',
        'Weights',
        'Knowledge',
      ])
      const cells = (name: string) => page.locator(`.rows .column-${name}`).allTextContents()
      expect((await cells('output_limit')).slice(0, 5)).toEqual(
        models.map(({ limits }) => tokens(limits?.output)),
      )
      expect((await cells('knowledge')).slice(0, 5)).toEqual(models.map(({ knowledge }) => date(knowledge)))
    },
    // Rows of two lines have no columns to choose.
    notAt: 360,
  },
  { name: 'chosen', query: CHOSEN, drawn: '.tray-model', holds: listed('') },
  {
    name: 'nothing',
    query: '?query=cluade+sonet&provider=anthropic',
    drawn: '.nothing .link',
    holds: async ({ page }) => {
      expect(await page.locator('.count').textContent()).toBe('0 models')
      expect(await page.getByRole('link', { name: 'Clear the filters' }).isVisible()).toBe(true)
    },
  },
  {
    name: 'refused',
    query: '?min_price=cheap',
    drawn: '.nothing',
    holds: async ({ page, ask }) => {
      const { detail } = z.object({ detail: z.string() }).parse(await ask('models?min_price=cheap'))
      expect(await page.locator('.nothing').textContent()).toContain(detail)
    },
    isRefused: true,
  },
  {
    name: 'gone',
    query: '',
    drawn: '.notice',
    act: async (page) => {
      await page.locator('.rows .name').first().waitFor()
      await page.context().setOffline(true)
      await page.locator('#search').fill('opus')
    },
    holds: async ({ page }) => {
      expect(await page.locator('.notice').innerText()).toContain('The server does not answer')
      expect(await page.locator('.rows .name').count()).toBeGreaterThan(5)
    },
    isRefused: true,
  },
  {
    name: 'limited',
    query: '',
    drawn: '.notice',
    act: async (page) => {
      await page.locator('.rows .name').first().waitFor()
      await page.route('**/api/**', (route) =>
        route.fulfill({ status: 429, headers: { 'Retry-After': '60' }, body: '{}' }),
      )
      await page.locator('#search').fill('opus')
    },
    holds: async ({ page }) => {
      expect(await page.locator('.notice').innerText()).toMatch(/Too many requests.* in \d+ seconds/)
      expect(await page.locator('.rows .name').count()).toBeGreaterThan(5)
    },
    isRefused: true,
  },
]

walk('models', STOPS)

walk(
  'a sign-in',
  [
    { name: 'sign-in', query: '', drawn: '.sign-in[open]' },
    {
      name: 'sign-in refused',
      query: '',
      drawn: '.sign-in .refused:not(:empty)',
      act: async (page) => {
        await page.getByLabel('Token').fill('mdx_nobody-issued-this')
        await page.getByRole('button', { name: 'Sign in' }).click()
      },
      isRefused: true,
    },
  ],
  { env: { MODELDEX_RATE_LIMIT: '0' } },
)
