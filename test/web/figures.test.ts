import { expect, it } from 'vitest'
import { TOKEN_KINDS } from '../../src/catalog/token-kinds.ts'
import { newsOfChanges, percent } from '../../src/web/changes/news.ts'
import { bestOf, differ } from '../../src/web/compare/best.ts'
import { toggled } from '../../src/web/compare/chosen.ts'
import { FIELD_GROUPS } from '../../src/web/compare/fields.ts'
import { countOf, readUsage, usageParams } from '../../src/web/cost/usage.ts'
import type { FullModel, Offer } from '../../src/web/model-wire.ts'
import { cheapestOf, doubtOf } from '../../src/web/panel/offer-marks.ts'
import { priceSteps } from '../../src/web/panel/price-steps.ts'
import { pointOf } from '../../src/web/plot/points.ts'
import type { Change, Entry } from '../../src/web/wire.ts'

it.each([
  [[3, 1, 2], 'lower', [1]],
  [[3, 1, 2], 'higher', [0]],
  [[1, null, 1, 2], 'lower', [0, 2]],
  [[null, 5], 'lower', []],
  [[undefined, null], 'higher', []],
  [[2, 2], 'lower', []],
  [[0, 2], 'lower', [0]],
] as const)('of %j, the best when %s is better stand at %j', (figures, better, places) => {
  expect([...bestOf(figures, better)]).toEqual(places)
})

it('tells a row that differs, an unknown included', () => {
  expect(differ(['a', 'a'])).toBe(false)
  expect(differ(['a', '–'])).toBe(true)
  expect(differ([])).toBe(false)
})

it('chooses up to six models, and takes them out again', () => {
  const six = ['a', 'b', 'c', 'd', 'e', 'f']
  expect(toggled(['a'], 'b')).toEqual(['a', 'b'])
  expect(toggled(six, 'g')).toEqual(six)
  expect(toggled(six, 'b')).toEqual(['a', 'c', 'd', 'e', 'f'])
})

const entry = (id: string, status: string | null = null): Entry => ({
  id,
  provider: 'acme',
  name: null,
  capabilities: [],
  cost: null,
  limits: null,
  modalities: null,
  knowledge: null,
  open_weights: null,
  release_date: null,
  status,
})
const offer = (price: string | null, status: string | null = null): Offer => ({
  matched_by: 'canonical_model_id',
  is_certain: true,
  price,
  is_free: price === '0',
  entry: entry(`acme/${price}`, status),
})

it('takes the lowest price above 0 in service for the cheapest', () => {
  const offers = [offer('0'), offer('1', 'deprecated'), offer('2.5'), offer('2.5'), offer('3'), offer(null)]
  expect([...cheapestOf(offers)]).toEqual([offers[2], offers[3]])
  expect(cheapestOf([offer(null), offer('0')]).size).toBe(0)
})

it('says how an offer is known where that is not certain', () => {
  expect(doubtOf(offer('1'))).toBeUndefined()
  expect(doubtOf({ ...offer('1'), is_certain: false, matched_by: 'region' })).toContain('its region')
  expect(doubtOf({ ...offer('1'), is_certain: false, matched_by: 'toString' })).toContain('its id')
})

it('keeps the moments at which a price changed', () => {
  const moment = (from: string, input?: number, kind = 'changed') => ({
    from,
    kind,
    status: null,
    cost: input === undefined ? null : { input, output: 2 },
  })
  const steps = priceSteps([
    moment('2026-01', 1, 'added'),
    moment('2026-02', 1),
    moment('2026-03', 3),
    moment('2026-04', 3, 'removed'),
    moment('2026-05', undefined, 'returned'),
  ])
  expect(steps).toEqual([
    { from: '2026-01', input: 1, output: 2 },
    { from: '2026-03', input: 3, output: 2 },
    { from: '2026-04', input: null, output: null },
  ])
})

const change = (hour: number, field: string | null, before: unknown, after: unknown): Change => ({
  at: `2026-07-04T0${hour}:00:00.000Z`,
  kind: field === null ? 'removed' : 'changed',
  id: 'acme/one',
  name: null,
  model_id: 'one',
  field,
  before,
  after,
})

it('tells of a model once for each time at which it changed', () => {
  const prices = [
    change(2, 'cost.input', 3, 2),
    change(2, 'cost.output', 9, 8),
    change(1, 'cost.input', 4, 3),
  ]
  const told = newsOfChanges(prices, 'cuts').map(({ at, steps }) => [at, steps.map(({ field }) => field)])
  expect(told).toEqual([
    [prices[0]?.at, ['cost.input', 'cost.output']],
    [prices[2]?.at, ['cost.input']],
  ])
})

it('names a model that was removed as it was called', () => {
  const [named, nameless] = [{ name: 'One' }, { name: null }].map((before) =>
    newsOfChanges([change(1, null, before, null)], 'removed'),
  )
  expect(named?.[0]?.name).toBe('One')
  expect(nameless?.[0]?.name).toBeUndefined()
})

it('takes a price that varies for no figure', () => {
  expect(newsOfChanges([change(1, 'cost.input', 3, -1)], 'cuts')).toEqual([])
  expect(percent({ field: 'cost.input', before: -1, after: 3 })).toBeUndefined()
  expect(pointOf({ ...entry('acme/auto'), cost: { input: -1, output: 2 } }).price).toBe(2)
  expect(pointOf({ ...entry('acme/auto'), cost: { input: -1, output: -1 } }).price).toBeNull()
})

it('reads the usage from the URL, or takes a usual one', () => {
  const usual = readUsage({})
  expect(readUsage({ input_tokens: '12', output_tokens: '-1', requests: '1e3' })).toEqual({
    ...usual,
    input: 12,
  })
  expect([countOf('0'), countOf('1.5'), countOf(''), countOf('9999999999999')]).toEqual([
    0,
    undefined,
    undefined,
    undefined,
  ])
})

it('asks nothing where nothing is to be reckoned', () => {
  const usage = { input: 0, output: 0, cached: 0, requests: 1 }
  expect(usageParams(usage)).toBeUndefined()
  expect(usageParams({ ...usage, input: 1, requests: 0 })).toBeUndefined()
  expect(usageParams({ ...usage, cached: 1 })).toEqual({
    input_tokens: '0',
    output_tokens: '0',
    cache_read_tokens: '1',
    requests: '1',
  })
})

it('compares a price for each kind of tokens that the service knows', () => {
  const model = { prices: Object.fromEntries(TOKEN_KINDS.map((kind, place) => [kind, place + 1])) }
  const figures = FIELD_GROUPS.flatMap(({ fields }) => fields).flatMap(({ figure, better }) =>
    better === 'lower' && figure ? [figure(model as unknown as FullModel)] : [],
  )
  expect(figures).toEqual(TOKEN_KINDS.map((_, place) => place + 1))
})
