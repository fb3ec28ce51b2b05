// The service against the oracle: random requests, hostile ones, faulty ones, over the seed and over a nasty catalog.
// ORACLE_SEED repeats a run, ORACLE_RUNS makes it longer or shorter, ORACLE_SHRINK=no shows a failing case as it came.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService } from '../service.ts'
import { createOracle, type Oracle } from './contract.ts'
import { faultyRequests } from './faults.ts'
import { fixedQueries, fixedRequests } from './fixed.ts'
import { type GeneratedRequest, requests } from './generators.ts'
import { difference, get, holdAll } from './hold.ts'
import { readSeed } from './seed.ts'
import { crowdedCatalog, syntheticCatalog } from './synthetic.ts'

const seed = Number(process.env.ORACLE_SEED ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env.ORACLE_RUNS ?? 1000)
const { catalog, featured, parties } = readSeed()
const timeoutMs = 180_000
/** Of fewer cases chance decides how many find something. */
const tellingRuns = 300

console.log(`oracle: ORACLE_SEED=${seed} ORACLE_RUNS=${runs}`)

const undecodable = ['%', '%2', '%zz', '%ff', '%C3', '%C3%28', '%ED%A0%80', '%F5%80%80%80', '%C0%AF', 'a%20%']

/** The least share of requests that must find something, so that they tell much. For 300 of them chance moves it by some 0.03. */
const LEAST_SHARE = 0.4

function holdCatalog(
  title: string,
  given: object | null,
  oracle: Oracle,
  numRuns: number,
  faultyRuns: number,
) {
  describe(title, () => {
    let service: Awaited<ReturnType<typeof seededService>>

    beforeAll(async () => {
      const env = { MODELDEX_RATE_LIMIT: '0' }
      service = await seededService(given === null ? { env } : { env, catalog: given })
    }, timeoutMs)
    afterAll(() => service?.close())

    it(
      `answers ${numRuns} requests as the oracle does`,
      async () => {
        const cases = await holdAll(service, oracle, requests(oracle), { seed, numRuns })
        if (numRuns >= tellingRuns)
          expect(shareFindingSome(oracle, cases)).toBeGreaterThanOrEqual(LEAST_SHARE)
      },
      timeoutMs,
    )

    it(
      `refuses ${faultyRuns} faulty requests as the oracle does`,
      () => holdAll(service, oracle, faultyRequests(), { seed, numRuns: faultyRuns }),
      timeoutMs,
    )

    const titled = fixedQueries.map((query) => [query.length > 60 ? `${query.slice(0, 20)}…` : query, query])
    it.each(titled)('finds %j as the oracle does', async (_title, query = '') => {
      const pairs = [['query', query] as const, ['limit', '100'] as const]
      expect(await difference(service, oracle, { pairs, plus: true })).toBeNull()
    })

    const called = fixedRequests.map((pairs) => [JSON.stringify(pairs).slice(0, 60), pairs] as const)
    it.each(called)('answers %s as the oracle does', async (_title, pairs) => {
      const all = [['limit', '100'] as const, ...pairs]
      expect(await difference(service, oracle, { pairs: all, plus: false })).toBeNull()
    })

    it('lists every featured model in its order', async () => {
      const pairs = [['featured', 'true'] as const, ['limit', '100'] as const]
      expect(await difference(service, oracle, { pairs, plus: false })).toBeNull()
    })

    it.each(undecodable)('refuses the undecodable %j', async (text) => {
      for (const query of [`query=${text}`, `${text}=gpt`, `query=gpt&limt=1&provider=${text}`]) {
        const reply = await get(service, `/api/v1/inference/catalog?${query}`)
        expect(reply).toMatchObject({ status: 400, body: { code: 400, type: 'invalid_error' } })
      }
    })

    it.each(['nebula', 'pOe', 'OpenAI', 'openai/'])('knows the provider %j', async (provider) => {
      const pairs = [['provider', provider] as const]
      expect(await difference(service, oracle, { pairs, plus: false })).toBeNull()
    })

    it.each([100, 101])('takes a hundred pairs and no more: %i', async (length) => {
      const pairs = Array.from({ length }, () => ['capabilities', 'reasoning'] as const)
      expect(await difference(service, oracle, { pairs, plus: false })).toBeNull()
    })
  })
}

/** The cases must be about something: how many of them match 1 to 500 entries. */
function shareFindingSome(oracle: Oracle, cases: readonly GeneratedRequest[]): number {
  const finding = cases.filter(({ pairs }) => {
    const answer = oracle.answer(pairs)
    return answer.status === 200 && answer.total >= 1 && answer.total <= 500
  })
  return finding.length / cases.length
}

const nasty = syntheticCatalog(featured.models.map(({ id }) => id))
const crowded = crowdedCatalog(nasty)

holdCatalog('the seed', null, createOracle(catalog, featured, parties), runs, Math.ceil(runs * 0.3))
holdCatalog('a nasty catalog', nasty, createOracle(nasty, featured, parties), Math.ceil(runs * 0.5), 50)
holdCatalog('a crowded catalog', crowded, createOracle(crowded, featured, parties), Math.ceil(runs * 0.2), 50)
