import { type Growth, growthOf, type Sample } from '../memory.ts'
import { residentBytes } from '../processes.ts'
import { wrongWith } from './judge.ts'
import { type HostileRequest, hostileRequest } from './requests.ts'
import type { Arms } from './routes.ts'
import { type Answer, type Conversation, converse, sendAlone } from './wire.ts'

const CONNECTIONS = 16
/** A request without an answer by then hangs; longer than a statement in SQL may take and wait. In ms. */
const DEADLINE_MS = 20_000
/** How often memory is looked at, in requests. */
const SAMPLE_EVERY = 500
/** More are not told, and end the run. */
const MAX_FAULTS = 20
/** How much of a request is shown, in bytes. */
const MAX_SHOWN = 120

export interface FuzzOptions {
  port: number
  /** The process that serves. */
  pid: number
  arms: Arms
  seed: number
  count: number
  /** Ends sooner after so long, in ms. */
  mostMs: number
}

export interface FuzzRun {
  requests: number
  seconds: number
  /** How often which status came; 0: the connection was closed without an answer. */
  statuses: Map<number, number>
  /** What was wrong, with the number of the request. */
  faults: string[]
  memory: Growth
}

/** Sends hostile requests, and judges whatever comes back. */
export async function fuzz(options: FuzzOptions): Promise<FuzzRun> {
  const { port, pid, arms, seed, count, mostMs } = options
  const started = performance.now()
  const statuses = new Map<number, number>()
  const faults: string[] = []
  const samples: Sample[] = []
  let next = 0
  const isOver = () => next >= count || faults.length >= MAX_FAULTS || performance.now() - started > mostMs
  const client = async () => {
    const conversation = converse(port, DEADLINE_MS)
    while (!isOver()) {
      const number = next++
      if (number % SAMPLE_EVERY === 0) samples.push({ ms: performance.now(), bytes: residentBytes(pid) ?? 0 })
      const request = hostileRequest(seed, number, arms)
      try {
        for (const status of await outcome(port, conversation, request)) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }
      } catch (error) {
        const line = request.bytes.toString('latin1').slice(0, MAX_SHOWN)
        const why = error instanceof Error ? error.message : error
        faults.push(`request ${number}, ${JSON.stringify(line)}: ${why}`)
      }
    }
    conversation.close()
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
  const seconds = (performance.now() - started) / 1000
  return { requests: next, seconds, statuses, faults, memory: growthOf('the service', samples) }
}

/** @throws Error for what may not come back */
async function outcome(port: number, conversation: Conversation, request: HostileRequest): Promise<number[]> {
  const { bytes, sound } = request
  const isHead = sound?.method === 'HEAD'
  const answers =
    sound === undefined ? await sendAlone(port, bytes, DEADLINE_MS) : [await conversation.ask(bytes, isHead)]
  if (sound !== undefined && answers[0] === undefined) throw new Error('closed without an answer')
  const came = answers.filter((answer): answer is Answer => answer !== undefined)
  for (const answer of came) {
    const wrong = wrongWith(request, answer)
    if (wrong !== undefined) throw new Error(wrong)
  }
  return came.length === 0 ? [0] : came.map(({ status }) => status)
}
