import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

const LIST = '/api/v1/inference/catalog?limit=100'
/** A request without an answer by then has failed, in ms. */
const ANSWER_MS = 10_000
/** Between an answer and the next request, in ms. */
const PAUSE_MS = 5

/** What clients saw. */
export interface Seen {
  requests: number
  /** Requests without a good answer, by cause. */
  failed: Map<string, number>
  /** Answers that hold models of more than one catalog, or too few. */
  mixed: number
  /** Answers that are older than the one before, to the same client. */
  backwards: number
}

/** How many models a catalog of the demonstration has: more than one page. */
const MODELS = 300

/** A catalog that shows in every model which one it is. */
export function generation(number: number, count = MODELS): object {
  const models = Array.from({ length: count }, (_, index) => [
    `model-${index}`,
    { name: `Model ${index}`, cost: { input: number, output: number } },
  ])
  return { acme: { name: 'Acme', models: Object.fromEntries(models) } }
}

/** Asks for the catalog once. Gives which one it is; undefined: of several. */
export async function askOnce(url: string, token: string, agent: Agent | false): Promise<number | undefined> {
  const asked = get(url + LIST, { headers: { Authorization: `Bearer ${token}` }, agent })
  const timer = globalThis.setTimeout(() => asked.destroy(new Error('no answer in time')), ANSWER_MS)
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    const body = await text(answer)
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`)
    const { models, total } = JSON.parse(body) as { models: { cost: { input: number } }[]; total: number }
    const numbers = new Set(models.map(({ cost }) => cost.input))
    const [number] = numbers
    return numbers.size === 1 && models.length === 100 && total === MODELS ? number : undefined
  } finally {
    clearTimeout(timer)
  }
}

/** A client for each token, each asking over and over on one connection, until `stop`. */
export function startClients(url: string, tokens: readonly string[]): { seen: Seen; stop(): Promise<void> } {
  const seen: Seen = { requests: 0, failed: new Map(), mixed: 0, backwards: 0 }
  let isOver = false
  const client = async (token: string) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    let newest = 0
    while (!isOver) {
      seen.requests++
      try {
        const number = await askOnce(url, token, agent)
        if (number === undefined) seen.mixed++
        else if (number < newest) seen.backwards++
        else newest = number
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error)
        seen.failed.set(cause, (seen.failed.get(cause) ?? 0) + 1)
      }
      await setTimeout(PAUSE_MS)
    }
    agent.destroy()
  }
  const clients = tokens.map(client)
  return {
    seen,
    async stop() {
      isOver = true
      await Promise.all(clients)
    },
  }
}
