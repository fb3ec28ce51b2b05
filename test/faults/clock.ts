import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newToken, updateTokenFile } from '../../src/http/token-file.ts'
import { greeting, runProgram, startProgram } from '../cli/program.ts'
import { generation } from '../scale/clients.ts'
import { MODELS } from './asks.ts'
import { ANSWER_MS, type Failure, startLoad, type Truth } from './load.ts'
import { endWithRun, type Machine } from './machine.ts'
import { expectDone, must, until } from './scene.ts'

/** Requests a minute of each token: more than a client of the load sends, and soon used up. */
const RATE_LIMIT = 2_000
const CLIENTS = 2
/** How often it is asked what has become of a jump, in ms: well within that limit. */
const WATCH_MS = 200
/** Between an answer and the next request of a client, in ms. */
const PAUSE_MS = 100
/** One for each jump. */
const SPENDERS = ['spends-1', 'spends-2', 'spends-3']
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** A scheduled run comes up to so much late, by design. */
const JITTER_MS = 300_000

/** What became of the service whose clock jumped. */
export interface ClockRun {
  shown: string[]
  requests: number
  wrong: number
  told: string[]
  failures: Failure[]
}

/** Runs a service of its own, for only the clock of a program that is started so can be set, and lets that clock jump. */
export async function jumpClock(machine: Machine, faketime: string): Promise<ClockRun> {
  const folder = join(machine.folder, 'clock')
  mkdirSync(folder)
  const [db, source, clock] = [join(folder, 'catalog.db'), join(folder, 'source.json'), join(folder, 'clock')]
  const setClock = (hours: number) => {
    // Put there whole: it is read at any moment.
    writeFileSync(`${clock}.next`, `${hours < 0 ? '' : '+'}${hours}h\n`)
    renameSync(`${clock}.next`, clock)
  }
  const write = (number: number) => writeFileSync(source, JSON.stringify(generation(number, MODELS)))
  write(1)
  setClock(0)
  await expectDone(runProgram(['ingest', '--from', source, '--db', db]))
  const names = [...Array.from({ length: CLIENTS }, (_, place) => `client-${place}`), 'watches', ...SPENDERS]
  const issued = names.map((name) => newToken(name, 'read', new Date()))
  const expiring = newToken('expires', 'read', new Date(), new Date(Date.now() + HOUR_MS))
  const tokens = join(folder, 'tokens.json')
  await updateTokenFile(tokens, () => [...issued, expiring].map(({ record }) => record))

  const service = startProgram(
    [
      ...['serve', '--port', '0', '--db', db, '--tokens-file', tokens, '--log-level', 'silent'],
      ...['--source', source, '--refresh', '0 * * * *', '--rate-limit', `${RATE_LIMIT}`],
    ],
    { env: fakeClock(faketime, clock) },
  )
  const ended = endWithRun(machine, service)
  const { url } = await greeting(service)
  const texts = issued.map(({ text }) => text)
  const truth: Truth = { oldest: 1, newest: 1 }
  const load = startLoad({ url, tokens: texts.slice(0, CLIENTS), truth, pauseMs: PAUSE_MS })
  try {
    const [watcher = '', ...spenders] = texts.slice(CLIENTS)
    const publish = () => write(++truth.newest)
    const published = () => {
      truth.oldest = truth.newest
    }
    const shown = await jumps(
      { url, setClock, publish, published },
      { expiring: expiring.text, watcher, spenders },
    )
    const failures = await load.failures()
    return { shown, requests: load.requests, wrong: load.wrong, told: load.told, failures }
  } finally {
    await load.stop()
    service.kill()
    await ended
  }
}

/** Only what time of day it is: how long something takes is counted by another clock, which no one sets. */
function fakeClock(faketime: string, file: string): Record<string, string> {
  return {
    LD_PRELOAD: faketime,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  }
}

interface Service {
  url: string
  setClock(hours: number): void
  publish(): void
  published(): void
}

interface Held {
  expiring: string
  watcher: string
  spenders: string[]
}

async function jumps(service: Service, { expiring, watcher, spenders }: Held): Promise<string[]> {
  const ask = (token: string) => askDataset(service.url, token)
  const jump = async (hours: number): Promise<string> => {
    const spender = spenders.pop() ?? ''
    let asked = 0
    while ((await ask(spender)).status === 200)
      must(asked++ < RATE_LIMIT, 'there is no end to what a token may ask')
    service.setClock(hours)
    await until('the clock jumps', async () => isNear((await ask(watcher)).now, nowAt(hours)), WATCH_MS)
    const { status, retryAfter } = await ask(spender)
    must(
      status === 429 && retryAfter > 0 && retryAfter <= 60,
      `used up, then ${status}, again in ${retryAfter} s`,
    )
    return `${hours} h from now by the Date header; a token that was used up gets ${status}, Retry-After: ${retryAfter}`
  }
  const expect = async (status: number): Promise<string> => {
    const answer = await ask(expiring)
    must(answer.status === status, `a token of one hour gets ${answer.status}, not ${status}`)
    return `a token of one hour gets ${status}`
  }
  const isPlanned = async (hours: number) => {
    const ahead = Date.parse((await ask(watcher)).nextRefresh) - nowAt(hours)
    return ahead > 0 && ahead <= HOUR_MS + JITTER_MS
  }
  /** Of a jump over a time of the schedule, which may refresh at any moment from then on. */
  const refreshes = async (hours: number): Promise<string[]> => {
    service.publish()
    const jumped = await jump(hours)
    const isRefreshed = async () => {
      const { at, outcome } = (await ask(watcher)).lastAttempt ?? {}
      must(outcome !== 'failed', 'a scheduled refresh failed')
      return isNear(at, nowAt(hours))
    }
    await until('the schedule refreshes', isRefreshed, WATCH_MS)
    service.published()
    await until('the schedule goes on', () => isPlanned(hours), WATCH_MS)
    return [jumped, 'the hourly schedule refreshed, and has its next time within the hour']
  }

  const shown = [await expect(200), ...(await refreshes(2)), await expect(401)]
  shown.push(await jump(-48), await expect(200))
  await until('the schedule is made anew', () => isPlanned(-48), WATCH_MS)
  shown.push('the hourly schedule has its next time within the hour')
  return [...shown, ...(await refreshes(-46))]
}

/** What time it is for a service whose clock is so many hours ahead. */
function nowAt(hours: number): number {
  return Date.now() + hours * HOUR_MS
}

function isNear(text = '', ms: number): boolean {
  return Math.abs(Date.parse(text) - ms) < MINUTE_MS
}

async function askDataset(url: string, token: string) {
  const headers = { Authorization: `Bearer ${token}` }
  const signal = AbortSignal.timeout(ANSWER_MS)
  const answer = await fetch(`${url}/api/v1/inference/dataset`, { headers, signal })
  const body = (await answer.json()) as {
    last_attempt?: { at: string; outcome: string } | null
    next_refresh?: string
  }
  return {
    status: answer.status,
    now: answer.headers.get('date') ?? '',
    retryAfter: Number(answer.headers.get('retry-after')),
    lastAttempt: body.last_attempt,
    nextRefresh: body.next_refresh ?? '',
  }
}
