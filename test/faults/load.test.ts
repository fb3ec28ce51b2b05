import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { asksOf, tagOf } from './asks.ts'
import { startLoad, type Truth } from './load.ts'
import { growthOf } from './memory.ts'
import { addFailures, newOutcome } from './outcome.ts'

/** Answers every question of the load as catalog `number` would, for the models that `prices` tells. */
function send(response: ServerResponse, url: string, number: number, spoil = (body: string) => body): void {
  const { searchParams, pathname } = new URL(url, 'http://localhost')
  const isSearch = searchParams.has('query')
  const count = isSearch ? 1 : Number(searchParams.get('limit'))
  const cost = { input: number, output: number }
  const isOne = pathname.includes('/catalog/')
  const list = { models: Array.from({ length: count }, () => ({ cost })), total: isSearch ? 1 : 1_000 }
  const body = JSON.stringify(isOne ? { cost } : list)
  response.writeHead(200, { etag: tagOf(body), 'x-dataset-version': `v${number}` }).end(spoil(body))
}

/** What the load says of a service that answers so. */
async function seenOf(answer: (response: ServerResponse, url: string, turn: number) => void, truth: Truth) {
  let turn = 0
  const server = createServer((request, response) => answer(response, request.url ?? '', turn++))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const load = startLoad({ url, tokens: ['a', 'b'], truth, pauseMs: 1 })
  await expect.poll(() => load.requests).toBeGreaterThan(40)
  const failures = await load.failures()
  await load.stop()
  return {
    wrong: load.wrong,
    told: load.told.join('\n'),
    causes: [...new Set(failures.map(({ cause }) => cause))],
  }
}

const ONE: Truth = { oldest: 1, newest: 1 }

it('nothing is wrong with whole answers of the catalog that is there', async () => {
  const seen = await seenOf((response, url) => send(response, url, 1), ONE)
  expect(seen).toEqual({ wrong: 0, told: '', causes: [] })
})

it.each<[name: string, answer: Parameters<typeof seenOf>[0], message: RegExp]>([
  ['of another catalog', (response, url) => send(response, url, 2), /of catalog 2, where 1 to 1 could be/],
  [
    'of an older catalog than before',
    (response, url, turn) => send(response, url, turn < 20 ? 4 : 3),
    /of catalog 3/,
  ],
  ['cut', (response, url) => send(response, url, 1, (body) => body.slice(0, -1)), /a body whose tag is/],
  [
    'mixed',
    (response, url) => send(response, url, 1, (body) => body.replace('"input":1', '"input":2')),
    /tag is/,
  ],
])('an answer %s is seen', async (_name, answer, message) => {
  const seen = await seenOf(answer, _name.startsWith('of an older') ? { oldest: 3, newest: 4 } : ONE)
  expect(seen.wrong).toBeGreaterThan(0)
  expect(seen.told).toMatch(message)
})

it('an answer that mixes catalogs is seen by itself', () => {
  const { value: ask } = asksOf(0).next()
  const models = Array.from({ length: 100 }, (_, place) => ({
    cost: { input: 1, output: place === 99 ? 2 : 1 },
  }))
  const list = [...asksOf(0).take(50)].find(({ path }) => path.endsWith('catalog?limit=100')) ?? ask
  expect(() => list.generationOf(JSON.stringify({ models, total: 1_000 }))).toThrow('several catalogs')
  expect(() => list.generationOf(JSON.stringify({ models: models.slice(1), total: 1_000 }))).toThrow(
    '99 models',
  )
})

it('failed requests are counted by cause', async () => {
  const body = JSON.stringify({ code: 500, detail: 'no', type: 'database_error' })
  const seen = await seenOf((response, _url, turn) => {
    if (turn % 3 === 0) response.destroy()
    else response.writeHead(500).end(turn % 3 === 1 ? body : 'Oops')
  }, ONE)
  expect(seen.wrong).toBe(0)
  expect(seen.causes.sort()).toEqual(['500 database_error', '500 without the envelope', 'ECONNRESET'])
})

it('a run is broken by a failed request that its fault does not explain', () => {
  const outcome = newOutcome()
  const failures = [
    { cause: 'ECONNRESET', port: 1 },
    { cause: 'ECONNRESET', port: 2 },
  ]
  addFailures(outcome, 'killed', failures, () => true)
  expect(outcome.broken).toEqual([])
  addFailures(outcome, 'killed', failures, ({ port }) => port === 1)
  expect(outcome.broken).toEqual(['killed does not explain 1 failed requests: ECONNRESET'])
  addFailures(outcome, 'none', failures)
  expect(outcome.broken).toHaveLength(2)
  expect([...outcome.failures]).toEqual([
    ['killed: ECONNRESET', 4],
    ['none: ECONNRESET', 2],
  ])
})

it('memory that grows is told from memory that goes up and down', () => {
  const samples = (bytesAt: (second: number) => number) =>
    Array.from({ length: 900 }, (_, second) => ({ ms: second * 1_000, bytes: bytesAt(second) }))
  const grows = growthOf(
    'it',
    samples((second) => 50e6 + second * 100_000),
  )
  expect(grows.mbPerTenMinutes).toBeCloseTo(60)
  expect(grows.minutes).toBeCloseTo(10, 0)
  const flat = growthOf(
    'it',
    samples((second) => 50e6 + (second % 7) * 1e6 + (second < 200 ? second * 1e6 : 0)),
  )
  expect(Math.abs(flat.mbPerTenMinutes)).toBeLessThan(1)
})
