import { join } from 'node:path'
import { type Answer, type Coding, codingHeader, learn, saveAnswers } from './answers.ts'
import { readIds, readSample } from './entries.ts'
import { type Figures, percentile } from './figures.ts'
import { type Exchange, requestOf, runLoad } from './load.ts'
import { randomFrom } from './random.ts'
import { CREDENTIALS, referenceArgs, type Server, serviceArgs, startServer } from './servers.ts'
import { coldLoad, hotLoad, isDetail, nearLoad, type Target } from './workloads.ts'

export type ServerName = 'service' | 'bare' | 'express' | 'afternoon'
export type LoadName = 'hot' | '304' | 'gzip' | 'br' | '404' | 'cold' | 'cold gzip'
export const LOADS: readonly LoadName[] = ['hot', '304', 'gzip', 'br', '404', 'cold', 'cold gzip']

/** How many requests a round makes. */
export interface Counts {
  /** Half as many, for details, warm each server up. */
  hot: number
  near: number
  cold: number
  /** Of those that are made once, how many are made before the measured ones, none of them among those. */
  warm: number
}

export interface RoundsOptions {
  /** The catalog that is served, and its source, which the afternoon version reads. */
  db: string
  source: string
  /** A folder for logs and the references' answers. */
  folder: string
  loads: readonly LoadName[]
  servers: readonly ServerName[]
  counts: Counts
  rounds: number
  randomSeed: number
  say: (what: string) => void
}

/** Figures of each round, by load and server. */
export type Results = Map<LoadName, Map<ServerName, Figures[]>>

/** The afternoon version is slow: it gets one request of so many. */
const AFTERNOON_SHARE = 10
const WARM_UP_SHARE = 7
/** A process takes some ten thousand requests to reach its pace. */
const START_SHARE = 2
const CODINGS = { hot: 'identity', gzip: 'gzip', br: 'br', cold: 'identity', 'cold gzip': 'gzip' } as const

/** What a server is asked in a load: first to warm up, then to be measured. */
interface Requests {
  warm: Exchange[]
  measured: Exchange[]
  count: number
}
interface ServerPlan {
  /** Requests for a few models, before the first load: so that no load pays for a process that is new. */
  start: Requests
  loads: Map<LoadName, Requests>
}
type Plan = Map<ServerName, ServerPlan>

export async function measureRounds(options: RoundsOptions): Promise<Results> {
  const results: Results = new Map(options.loads.map((load) => [load, new Map()]))
  const plan = await prepare(options)
  const turns = turnsOf(options)
  for (let round = 0; round < options.rounds; round++) {
    options.say(`round ${round + 1} of ${options.rounds}`)
    const first = round % turns.length
    for (const { name, before, loads } of [...turns.slice(first), ...turns.slice(0, first)]) {
      const planned = plan.get(name)
      if (planned === undefined || loads.every((load) => !planned.loads.has(load))) continue
      await withServer(name, options, async (server) => {
        await runLoad(server.port, planned.start.measured, planned.start.count)
        for (const load of [...before, ...loads]) {
          const requests = planned.loads.get(load)
          const ofLoad = results.get(load)
          if (requests === undefined || ofLoad === undefined) continue
          const figures = await measure(server, requests)
          if (loads.includes(load)) ofLoad.set(name, [...(ofLoad.get(name) ?? []), figures])
        }
      })
    }
  }
  return results
}

/** What one process is asked: some loads only so that it has had them, as others have. */
interface Turn {
  name: ServerName
  before: readonly LoadName[]
  loads: readonly LoadName[]
}

function turnsOf({ loads, servers }: RoundsOptions): Turn[] {
  const others = loads.filter((load) => load !== 'cold gzip')
  const turns = servers.map((name): Turn => ({ name, before: [], loads: others }))
  // In a process of its own, for the cold URLs are to be cold again; but one that has had what came before those.
  if (others.length < loads.length) {
    turns.push({ name: 'service', before: others.filter((load) => load !== 'cold'), loads: ['cold gzip'] })
  }
  return turns
}

async function measure(server: Server, { warm, measured, count }: Requests): Promise<Figures> {
  await runLoad(server.port, warm, warm.length)
  const before = await server.usage()
  const { seconds, latenciesMs } = await runLoad(server.port, measured, count)
  const after = await server.usage()
  return {
    cpuUsPerRequest: (after.cpuUs - before.cpuUs) / count,
    requestsPerSecond: count / seconds,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    rssMb: after.rssBytes / 1e6,
  }
}

async function withServer<T>(
  name: ServerName,
  { db, source, folder }: RoundsOptions,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const file = name === 'afternoon' ? source : join(folder, 'answers')
  const args = name === 'service' ? serviceArgs(db) : referenceArgs(name, file)
  const server = await startServer({ args, log: join(folder, `${name}.log`) })
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

/** Makes the loads and learns the right answers, from servers that are not measured. */
async function prepare(options: RoundsOptions): Promise<Plan> {
  const { counts, loads, servers } = options
  const sample = readSample(options.db)
  const random = randomFrom(options.randomSeed)
  const isCold = loads.includes('cold') || loads.includes('cold gzip')
  const hot = hotLoad(sample)
  const near = loads.includes('404')
    ? nearLoad(counts.warm + counts.near, sample, readIds(options.db), random)
    : []
  const cold = isCold ? coldLoad(counts.warm + counts.cold, sample, random) : []

  options.say('learning the right answers')
  const learnt = await withServer('service', options, async ({ port }) => {
    const all = new Map<Coding, Answer[]>()
    for (const coding of ['identity', 'gzip', 'br'] as const) {
      const targets = [...hot]
      if (coding === 'identity') targets.push(...near, ...(loads.includes('cold') ? cold : []))
      if (coding === 'gzip' && loads.includes('cold gzip')) targets.push(...cold)
      all.set(coding, await learn(port, targets, coding, CREDENTIALS))
    }
    return all
  })
  saveAnswers(join(options.folder, 'answers'), [...learnt.values()].flat())

  const plan: Plan = new Map()
  for (const name of servers) {
    const its = loads.filter((load) => name === 'service' || load !== 'cold gzip')
    plan.set(name, planOf(its, counts, { hot, near, cold }, learnt))
  }
  if (servers.includes('afternoon')) {
    const share = {
      ...counts,
      hot: Math.ceil(counts.hot / AFTERNOON_SHARE),
      warm: counts.warm / AFTERNOON_SHARE,
    }
    const some = cold.filter((_, place) => place % AFTERNOON_SHARE === 0)
    const answers = await withServer('afternoon', options, ({ port }) =>
      learn(port, [...hot, ...some], 'identity', CREDENTIALS),
    )
    const its = loads.filter((load) => load === 'hot' || load === 'cold')
    plan.set('afternoon', planOf(its, share, { hot, near, cold: some }, new Map([['identity', answers]])))
  }
  return plan
}

function planOf(
  loads: readonly LoadName[],
  counts: Counts,
  { hot, near, cold }: Record<'hot' | 'near' | 'cold', Target[]>,
  learnt: ReadonlyMap<Coding, Answer[]>,
): ServerPlan {
  const byKey = new Map(
    [...learnt.values()].flat().map((answer) => [`${answer.coding} ${answer.url}`, answer]),
  )
  const exchanges = (targets: readonly Target[], coding: Coding) =>
    targets.map(({ url }) => exchangeOf(url, coding, byKey))
  const again = (all: Exchange[], count: number): Requests => {
    const warm = Array.from(
      { length: Math.ceil(count / WARM_UP_SHARE) },
      (_, place) => all[place % all.length],
    )
    return { warm: warm.filter((exchange) => exchange !== undefined), measured: all, count }
  }
  const once = (all: Exchange[], before: number): Requests => {
    const measured = all.slice(before)
    return { warm: all.slice(0, before), measured, count: measured.length }
  }
  const make: Record<LoadName, () => Requests> = {
    hot: () => again(exchanges(hot, CODINGS.hot), counts.hot),
    '304': () =>
      again(
        hot.map(({ url }) => revalidation(url, byKey)),
        counts.hot,
      ),
    gzip: () => again(exchanges(hot, CODINGS.gzip), counts.hot),
    br: () => again(exchanges(hot, CODINGS.br), counts.hot),
    '404': () => once(exchanges(near, 'identity'), counts.warm),
    cold: () => once(exchanges(cold, CODINGS.cold), counts.warm),
    'cold gzip': () => once(exchanges(cold, CODINGS['cold gzip']), counts.warm),
  }
  const details = exchanges(hot.filter(isDetail), 'identity')
  return {
    start: { warm: [], measured: details, count: Math.ceil(counts.hot / START_SHARE) },
    loads: new Map(loads.map((load) => [load, make[load]()])),
  }
}

type Answers = ReadonlyMap<string, Answer>

function answerTo(url: string, coding: Coding, answers: Answers): Answer {
  const answer = answers.get(`${coding} ${url}`)
  if (answer === undefined) throw new Error(`nobody learnt what ${url} answers in ${coding}`)
  return answer
}

function exchangeOf(url: string, coding: Coding, answers: Answers): Exchange {
  const { status, body } = answerTo(url, coding, answers)
  return {
    request: requestOf(url, { ...CREDENTIALS, ...codingHeader(coding) }),
    url,
    status,
    length: body.length,
  }
}

function revalidation(url: string, answers: Answers): Exchange {
  const { etag = '' } = answerTo(url, 'identity', answers)
  return { request: requestOf(url, { ...CREDENTIALS, 'If-None-Match': etag }), url, status: 304, length: 0 }
}
