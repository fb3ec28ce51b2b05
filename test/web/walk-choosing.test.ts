import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, expect } from 'vitest'
import { z } from 'zod'
import { entrySchema } from '../../src/catalog/entry.ts'
import { offersSchema } from '../../src/catalog/offers.ts'
import { providersSchema } from '../../src/catalog/providers.ts'
import { furtherDetailSchema } from '../../src/formats/full-detail.ts'
import { modelHistorySchema } from '../../src/history/model.ts'
import { rankingSchema } from '../../src/http/estimates.ts'
import { count, money, tokens, words } from '../../src/web/format.ts'
import { exactPrice } from '../../src/web/model-words.ts'
import { temporaryFolder } from '../service.ts'
import { soon } from './browser.ts'
import { type Shown, type Stop, walk } from './walk.ts'

const detailSchema = entrySchema.extend(furtherDetailSchema.shape)
const PANEL = '.panel[open]'

/** The panel says of a model what the service says. */
async function describesGpt({ page, ask }: Shown) {
  const model = detailSchema.parse(await ask('models/openai/gpt-5.6'))
  const texts = (selector: string) => page.locator(`${PANEL} ${selector}`).allTextContents()
  expect(await texts('.tile-value')).toEqual([
    money(model.cost?.input),
    money(model.cost?.output),
    tokens(model.limits?.context),
    tokens(model.limits?.output),
  ])
  const kinds = Object.keys(model.prices ?? {}).filter((kind) => model.prices?.[kind] !== null)
  expect(await texts('.plain tbody th')).toEqual(kinds.map(words))
  const usual = kinds.map((kind) => exactPrice(model.prices?.[kind]))
  expect(await texts('.plain tbody td:nth-child(2)')).toEqual(usual)
  const above = kinds.map((kind) => exactPrice(model.tiers[0]?.prices[kind] ?? model.prices?.[kind]))
  expect(await texts('.plain tbody td:nth-child(3)')).toEqual(above)
  const media = [...(model.modalities?.input ?? []), ...(model.modalities?.output ?? [])]
  expect(await texts('.chip')).toEqual([...model.capabilities, ...media].map(words))

  const { history } = modelHistorySchema.parse(await ask('history/openai/gpt-5.6'))
  const costs = new Set(history.map(({ cost }) => JSON.stringify(cost)))
  expect(await page.locator('.steps li').count()).toBe(costs.size)
  expect(await page.locator('.steps li').first().innerText()).toMatch(/30 Sep 2026.*\$5.00 → \$4.00/s)

  const { offers } = offersSchema.parse(await ask('offers/openai/gpt-5.6'))
  await page.getByRole('button', { name: `Show all ${offers.length}` }).click()
  expect(await texts('.offer-id')).toEqual(offers.map(({ entry }) => entry.id))
  const prices = offers.map(({ price }) => Number(price)).filter((price) => price > 0)
  const cheapest = offers.filter(({ price }) => Number(price) === Math.min(...prices))
  const marked = page.locator('.offer', { has: page.getByText('cheapest', { exact: true }) })
  expect(await marked.locator('.offer-id').allTextContents()).toEqual(cheapest.map(({ entry }) => entry.id))

  const { providers } = providersSchema.parse(await ask('providers?query=openai'))
  const provider = providers.find(({ id }) => id === 'openai')
  expect(await texts('.env-name code')).toEqual(provider?.env)
  expect(await page.getByRole('link', { name: 'documentation' }).getAttribute('href')).toBe(provider?.doc)
  expect((await texts('pre'))[0]).toContain("openai('gpt-5.6')")
  expect((await texts('pre'))[1]).toContain(`model="${model.litellm_model}"`)
  expect((await texts('pre'))[2]).toContain('/api/v1/inference/models/openai/gpt-5.6')
}

const COMPARED = ['openai/gpt-5.6', 'google/gemini-2.5-pro', 'deepseek/deepseek-v4-pro']

const SEVEN = [
  ...COMPARED,
  'anthropic/claude-opus-5-5',
  'mistral/mistral-large-2411',
  'openrouter/anthropic/claude-sonnet-4.5',
  'groq/llama-3.1-8b-instant',
]

/** Side by side stands what the service says of each, the best of a row marked. */
async function comparesThree({ page, ask }: Shown) {
  const models = await Promise.all(COMPARED.map(async (id) => detailSchema.parse(await ask(`models/${id}`))))
  expect(await page.locator('.compare-head .id').allInnerTexts()).toEqual(COMPARED)
  const row = (title: string) =>
    page.locator('.compare-table tbody tr', { has: page.getByRole('rowheader', { name: title }) }).first()
  const marks = (figures: readonly (number | null | undefined)[], best: number) =>
    figures.map((figure) => (figure === best ? 'best' : ''))
  for (const kind of ['input', 'output']) {
    const prices = models.map((model) => model.prices?.[kind] ?? Number.NaN)
    const best = marks(prices, Math.min(...prices))
    const shown = prices.map((price, place) => `${exactPrice(price)} ${best[place]}`.trim())
    expect(await row(words(kind)).locator('td').allInnerTexts()).toEqual(shown)
  }
  const windows = models.map(({ limits }) => limits?.context ?? Number.NaN)
  const largest = marks(windows, Math.max(...windows))
  const cells = await row('Context window').locator('td').allInnerTexts()
  expect(cells).toEqual(windows.map((window, place) => `${count(window)} ${largest[place]}`.trim()))
  // A single known price is no cheaper than others that are unknown.
  expect(await row('Cache write').locator('.best').count()).toBe(0)
  expect(await row('Tool call').getAttribute('class')).toBeNull()
  expect(await row('Input').getAttribute('class')).toBe('is-different')
}

const USED = 'input_tokens=250000&output_tokens=700&requests=2000'

/** The models stand in the service's order, each with its very amount, those without a price apart. */
function ranks(query: string) {
  return async ({ page, ask }: Shown) => {
    const { results, total, priced } = rankingSchema.parse(await ask(`estimates?${query}&limit=100`))
    const rows = page.locator('.cost-table tbody tr')
    await soon(() => page.locator('.cost-count').textContent()).toContain(count(total))
    const shown = await rows.evaluateAll((all) =>
      all.map((row) => [
        row.querySelector('.id')?.textContent,
        row.querySelector('td:last-child')?.getAttribute('data-tip') ?? '$0 exactly',
      ]),
    )
    const known = results.flatMap(({ entry, estimate }) =>
      estimate === null ? [] : [[entry.id, `$${estimate.usd_total} exactly`]],
    )
    expect(shown).toEqual(known)
    expect(await page.locator('.unpriced li .id').allTextContents()).toEqual(
      results.slice(priced).map(({ entry }) => entry.id),
    )
    const warned = results.flatMap(({ estimate }) => estimate?.warnings ?? [])
    const written = warned.map((text) => text.replace(/\d{4,}/g, (digits) => count(Number(digits))))
    expect((await page.locator('.cost-warning').allTextContents()).map((text) => text.trim())).toEqual(
      written,
    )
  }
}

const hasPanel = (page: Page) => page.locator(`${PANEL} .panel-tags`).waitFor()

const STOPS: Stop[] = [
  {
    name: 'model',
    query: '?model=openai/gpt-5.6',
    drawn: '.price-plot canvas',
    act: hasPanel,
    holds: describesGpt,
  },
  {
    name: 'model missing',
    query: '?model=openai/gpt-5.66',
    drawn: '.panel-error',
    holds: async ({ page, ask }) => {
      const { detail } = z.object({ detail: z.string() }).parse(await ask('models/openai/gpt-5.66'))
      expect(await page.getByRole('alert').innerText()).toBe(detail)
    },
    isRefused: true,
  },
  {
    name: 'compare',
    query: `?view=compare&${COMPARED.map((id) => `compare=${id}`).join('&')}`,
    drawn: '.compare-table tbody .is-best',
    holds: comparesThree,
  },
  {
    name: 'compare six',
    query: `?view=compare&${SEVEN.map((id) => `compare=${id}`).join('&')}`,
    drawn: '.compare-table tbody .is-best',
    holds: async ({ page }) => {
      expect(await page.locator('.compare-head .id').allInnerTexts()).toEqual(SEVEN.slice(0, 6))
      expect(await page.locator('.view-hint').innerText()).toContain('the first six')
    },
  },
  { name: 'compare nothing', query: '?view=compare', drawn: '.nothing' },
  {
    name: 'compare missing',
    query: '?view=compare&compare=openai/gpt-5.6&compare=openai/none',
    drawn: '.compare-error',
    holds: async ({ page, ask }) => {
      const { detail } = z.object({ detail: z.string() }).parse(await ask('models/openai/none'))
      expect(await page.locator('.compare-error').innerText()).toBe(detail)
      // Where one is known there is nothing to tell apart.
      expect(await page.locator(':is(.is-different, .best)').count()).toBe(0)
    },
    isRefused: true,
  },
  {
    name: 'cost',
    query: `?view=cost&free=false&${USED}`,
    drawn: '.cost-warning',
    holds: ranks(`${USED}&free=false`),
  },
  {
    name: 'cost filtered',
    query: `?view=cost&provider=groq&${USED}`,
    drawn: '.unpriced li',
    holds: ranks(`${USED}&provider=groq`),
  },
  { name: 'cost nothing', query: '?view=cost&requests=0', drawn: '.cost-count:not(:empty)' },
]

walk('choosing', STOPS)

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const overlay = join(folder, 'overlay.json')
const prices = { cost: { input: 1.6, cache_write: null } }
const house = { name: 'House One', cost: { input: 0, output: 0 }, limit: { context: 131_072, output: 8_192 } }
writeFileSync(
  overlay,
  JSON.stringify({
    override: { openai: { models: { 'gpt-5.6': prices } } },
    add: { acme: { name: 'Acme', models: { 'house-1': house } } },
  }),
)
const ownFields =
  (id: string) =>
  async ({ page, ask }: Shown) => {
    const { overlay: fields } = detailSchema.parse(await ask(`models/${id}`))
    const section = page.locator('.panel-section', { hasText: 'From your overlay' })
    await section.scrollIntoViewIfNeeded()
    const cells = section.locator('tbody tr')
    const shown = await cells.evaluateAll((rows) =>
      rows.map((row) => [...row.children].map(({ textContent }) => textContent)),
    )
    expect(shown.map(([name]) => name)).toEqual(Object.keys(fields ?? {}))
    return shown
  }

walk(
  'an overlay',
  [
    {
      name: 'overlay',
      query: '?model=openai/gpt-5.6',
      drawn: '.panel-tags',
      act: (page) => page.getByRole('heading', { name: 'From your overlay' }).waitFor(),
      holds: async (shown) => {
        expect(await ownFields('openai/gpt-5.6')(shown)).toEqual([
          ['cost.cache_write', 'removed', '5'],
          ['cost.input', '1.6', '4'],
        ])
      },
    },
    {
      name: 'overlay added',
      query: '?model=acme/house-1',
      drawn: '.panel-tags',
      holds: async (shown) => {
        await ownFields('acme/house-1')(shown)
        // Its price never changed.
        expect(await shown.page.locator('.price-plot').count()).toBe(0)
      },
    },
  ],
  { env: { MODELDEX_NO_AUTH: 'true', MODELDEX_RATE_LIMIT: '0', MODELDEX_OVERLAY: overlay } },
)
