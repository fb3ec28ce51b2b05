import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { type Ask, asksOf, generationOf } from './asks.ts'

/** A request without an answer by then has failed, in ms. */
export const ANSWER_MS = 10_000
/** How often it is looked whether all have been answered, in ms. */
const CHECK_MS = 5
/** Most wrong answers that are told one by one. */
const MAX_TOLD = 20

/** Which catalogs may be answered: those from `oldest`, which is in the file, to `newest`, which may come any moment. */
export interface Truth {
  oldest: number
  newest: number
}

/** A request without a good answer. */
export interface Failure {
  cause: string
  /** The client's end of the connection; undefined: there was none. */
  port: number | undefined
}

export interface Load {
  requests: number
  /** Whole answers that are not of a catalog which could be answered, and answers that are not whole. */
  wrong: number
  /** The first of them. */
  told: string[]
  /** What failed since this was last asked, once all that was under way is over. */
  failures(): Promise<Failure[]>
  stop(): Promise<void>
}

export interface LoadOptions {
  url: string
  /** One for each client. */
  tokens: readonly string[]
  truth: Truth
  /** Between an answer and the next request, in ms. */
  pauseMs: number
}

/** Clients that ask over and over, each on one connection, until they are stopped. */
export function startLoad({ url, tokens, truth, pauseMs }: LoadOptions): Load {
  let failures: Failure[] = []
  let isOver = false
  let turns = tokens.map(() => 0)
  const client = async (token: string, place: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    let newest = 0
    for (const ask of asksOf(place)) {
      if (isOver) break
      const { oldest } = truth
      load.requests++
      const answer = await answered(url, token, ask, agent)
      turns[place] = (turns[place] ?? 0) + 1
      if ('cause' in answer) failures.push(answer)
      else {
        const fault = faultOf(answer, Math.max(oldest, newest), truth.newest)
        if (fault !== undefined) {
          load.wrong++
          if (load.told.length < MAX_TOLD) load.told.push(`${ask.path}: ${fault}`)
        }
        newest = Math.max(newest, answer.generation ?? 0)
      }
      await setTimeout(pauseMs)
    }
    agent.destroy()
  }
  const load: Load = {
    requests: 0,
    wrong: 0,
    told: [],
    async failures() {
      // Whoever asked before has its answer when it has come around twice.
      turns = tokens.map(() => 0)
      while (!isOver && turns.some((count) => count < 2)) await setTimeout(CHECK_MS)
      const failed = failures
      failures = []
      return failed
    },
    async stop() {
      isOver = true
      await Promise.all(clients)
    },
  }
  const clients = tokens.map(client)
  return load
}

function faultOf({ generation, fault }: Good, oldest: number, newest: number): string | undefined {
  if (generation === undefined) return fault
  const isPossible = generation >= oldest && generation <= newest
  return isPossible ? undefined : `of catalog ${generation}, where ${oldest} to ${newest} could be`
}

interface Good {
  /** Undefined: it is not whole. */
  generation?: number
  fault?: string
}

async function answered(url: string, token: string, ask: Ask, agent: Agent): Promise<Good | Failure> {
  const asked = get(url + ask.path, { headers: { Authorization: `Bearer ${token}` }, agent })
  const timer = globalThis.setTimeout(() => asked.destroy(new Error('no answer in time')), ANSWER_MS)
  let port: number | undefined
  asked.once('socket', (socket) => {
    port = socket.localPort
    if (!socket.connecting) return
    socket.once('connect', () => {
      port = socket.localPort
    })
  })
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    const body = await text(answer)
    if (answer.statusCode !== 200) return { cause: `${answer.statusCode} ${errorTypeOf(body)}`, port }
    try {
      return { generation: generationOf(ask, answer.headers, body) }
    } catch (error) {
      return { fault: String(error) }
    }
  } catch (error) {
    return { cause: causeOf(error), port }
  } finally {
    clearTimeout(timer)
  }
}

/** What the envelope calls it. */
function errorTypeOf(body: string): string {
  try {
    const { code, detail, type } = JSON.parse(body)
    return typeof code === 'number' && typeof detail === 'string' ? String(type) : 'without the envelope'
  } catch {
    return 'without the envelope'
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
