import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newToken, updateTokenFile } from '../../../src/http/token-file.ts'
import { openApiDocument } from '../../../src/openapi/document.ts'
import { greeting, runProgram, startProgram } from '../../cli/program.ts'
import { ANSWER_MS } from '../load.ts'
import { endWithRun, type Machine } from '../machine.ts'
import { expectDone } from '../scene.ts'
import { type FuzzOptions, type FuzzRun, fuzz } from './fuzz.ts'
import { hostileRequest } from './requests.ts'
import { type Arms, routesOf } from './routes.ts'

const SEED_CATALOG = join(import.meta.dirname, '../../../seed/catalog.json')
/** Of the seed every so manieth provider: documents of the whole catalog stay small. */
const EVERY = 12
/** The same in each run, so that the same seed makes the same bytes. */
const TOKEN = `mdx_${'f'.repeat(43)}`
const IDS = ['openai/gpt-4o', 'openai%2Fgpt-4o', 'nobody/nothing', 'gpt-4o', 'a', 'index.html']
const ARMS: Arms = { routes: routesOf(JSON.parse(JSON.stringify(openApiDocument()))), token: TOKEN, ids: IDS }

/** A service that hostile requests go to. */
interface Target {
  url: string
  pid: number
  /** Gives how it ends, or has ended before. */
  stop(): Promise<unknown>
}

/** Runs hostile requests against a service. That it does not live through them is a fault among those they show. */
export async function runFuzz(
  { url, pid, stop }: Target,
  order: Pick<FuzzOptions, 'seed' | 'count' | 'mostMs'>,
): Promise<FuzzRun> {
  const run = await fuzz({ ...order, port: Number(new URL(url).port), pid, arms: ARMS })
  const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    ({ status }) => status,
    String,
  )
  if (ready !== 200) run.faults.push(`/readyz after the run: ${ready}`)
  const ending = await stop()
  if (ending !== 0) run.faults.push(`the service ended with ${ending}`)
  return run
}

/** The bytes of one request, as text. */
export function showRequest(seed: number, number: number): string {
  return JSON.stringify(hostileRequest(seed, number, ARMS).bytes.toString('latin1'))
}

/** Starts a service of its own, with all that can be switched on. */
export async function startTarget(machine: Machine): Promise<Target> {
  const folder = join(machine.folder, 'fuzz')
  mkdirSync(folder)
  const [db, source] = [join(folder, 'catalog.db'), join(folder, 'source.json')]
  const tokens = join(folder, 'tokens.json')
  const seed: Record<string, unknown> = JSON.parse(readFileSync(SEED_CATALOG, 'utf8'))
  const some = Object.entries(seed).filter(([name], place) => place % EVERY === 0 || name === 'openai')
  writeFileSync(source, JSON.stringify(Object.fromEntries(some)))
  await expectDone(runProgram(['ingest', '--from', source, '--db', db]))
  const record = { ...newToken('fuzz', 'sql', new Date()).record, sha256: hash('sha256', TOKEN) }
  await updateTokenFile(tokens, () => [record])
  const service = startProgram([
    ...['serve', '--port', '0', '--db', db, '--tokens-file', tokens, '--sql'],
    ...['--rate-limit', '0', '--cors-origins', 'https://app.example', '--min-client-version', '1.0.0'],
    ...['--log-level', 'silent'],
  ])
  const ended = endWithRun(machine, service)
  const { url } = await greeting(service)
  return {
    url,
    pid: service.pid ?? 0,
    stop() {
      service.kill()
      return ended
    },
  }
}
