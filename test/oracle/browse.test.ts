// The longer list and the facets against the oracle: random requests over the seed and over a nasty catalog.
// ORACLE_SEED repeats a run.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { type BrowseRequest, browse, type Cut, facets, plain, sorts } from './browse.ts'
import { createOracle, type Oracle } from './contract.ts'
import { requests } from './generators.ts'
import { get } from './hold.ts'
import type { Pair } from './params.ts'
import { readSeed } from './seed.ts'
import { syntheticCatalog } from './synthetic.ts'

const seed = Number(process.env.ORACLE_SEED ?? Math.floor(Math.random() * 2 ** 31))
const { catalog, featured, parties } = readSeed()
const nasty = syntheticCatalog(featured.models.map(({ id }) => id))
const timeoutMs = 180_000

interface Case extends BrowseRequest {
  cut: Cut
  ignoreOwn: boolean
  isShouted: boolean
}

function cases(oracle: Oracle): fc.Arbitrary<Case> {
  const values = (read: (item: Oracle['entries'][number]) => (string | null)[]) =>
    fc.constantFrom(...new Set(oracle.entries.flatMap(read).flatMap((text) => plain(text) ?? [])))
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 1 })
  const limit = fc.integer({ min: 1, max: 100 })
  return fc.record({
    contract: fc.oneof(
      requests(oracle).map(({ pairs }) => pairs.filter(([name]) => name !== 'limit')),
      fc.constantFrom<Pair[]>([], [['featured', 'true']], [['query', 'claude']], [['open_weights', 'true']]),
    ),
    family: maybe(values(({ family }) => [family])),
    status: maybe(fc.constantFrom('none', 'beta', 'deprecated', 'unheard')),
    inputs: fc.subarray(['text', 'image', 'audio'], { maxLength: 2 }),
    outputs: fc.subarray(['text', 'image'], { maxLength: 1 }),
    releasedAfter: maybe(fc.constantFrom('2025', '2025-06', '2025-12-31', '2026-02', '0000', '9999-12-31')),
    cut: fc.record({ sort: fc.constantFrom(...sorts), offset: fc.nat(300), limit }),
    ignoreOwn: fc.boolean(),
    isShouted: fc.boolean(),
  })
}

function filterPairs({ contract, family, status, inputs, outputs, releasedAfter, isShouted }: Case): Pair[] {
  const pairs: Pair[] = [
    ...(family === null ? [] : [['family', family] as const]),
    ...(status === null ? [] : [['status', status] as const]),
    ...(inputs.length === 0 ? [] : [['input_modality', inputs.join(' ,')] as const]),
    ...outputs.map((name) => ['output_modality[]', name] as const),
    ...(releasedAfter === null ? [] : [['released_after', releasedAfter] as const]),
  ]
  const spell = (text: string) => (isShouted ? ` ${text.toUpperCase()} ` : text)
  return [...contract, ...pairs.map(([name, value]): Pair => [name, spell(value)])]
}

function url(route: string, pairs: readonly Pair[]): string {
  return `/api/v1/inference/${route}?${pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`
}

describe.each([
  { title: 'the seed', given: undefined, source: catalog, runs: 60 },
  { title: 'a nasty catalog', given: nasty, source: nasty, runs: 150 },
])('$title', ({ given, source, runs }) => {
  const oracle = createOracle(source, featured, parties)
  let service: TestService
  beforeAll(async () => {
    const env = { MODELDEX_RATE_LIMIT: '0' }
    service = await seededService(given === undefined ? { env } : { env, catalog: given })
  }, timeoutMs)
  afterAll(() => service?.close())

  it(
    'lists and counts as the oracle does',
    async () => {
      const answersAlike = fc.asyncProperty(cases(oracle), async (asked) => {
        const pairs = filterPairs(asked)
        const { sort, offset, limit } = asked.cut
        const cut: Pair[] = [
          ['sort', sort],
          ['offset', `${offset}`],
          ['limit', `${limit}`],
        ]
        const list = await get(service, url('models', [...pairs, ...cut]))
        expect(list).toEqual({ status: 200, body: browse(oracle, asked, asked.cut) })
        const counted = await get(service, url('facets', [...pairs, ['ignore_own', `${asked.ignoreOwn}`]]))
        expect(counted).toEqual({ status: 200, body: facets(oracle, asked, asked.ignoreOwn) })
      })
      await fc.assert(answersAlike, { seed, numRuns: runs, interruptAfterTimeLimit: timeoutMs / 2 })
    },
    timeoutMs,
  )

  it.each(sorts)(
    'has every entry in its place by %s',
    async (sort) => {
      const everything: BrowseRequest = {
        ...{ contract: [], family: null, status: null, inputs: [], outputs: [], releasedAfter: null },
      }
      const pairs: Pair[] = [
        ['format', 'ndjson'],
        ['sort', sort],
      ]
      const response = await fetch(service.baseUrl + url('models', pairs), {
        headers: { authorization: `Bearer ${service.token}` },
      })
      const ids = (await response.text())
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).id)
      const expected = browse(oracle, everything, { sort, offset: 0, limit: Number.POSITIVE_INFINITY })
      expect(ids).toEqual(expected.models.map(({ id }) => id))
    },
    timeoutMs,
  )
})
