import { hash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newToken, updateTokenFile } from '../../../src/http/token-file.ts'
import { openApiDocument } from '../../../src/openapi/document.ts'
import { greeting, runProgram, startProgram } from '../../cli/program.ts'
import { endWithRun, type Machine } from '../machine.ts'
import { expectDone, must } from '../scene.ts'
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

/** Runs hostile requests against a service of its own, with all that can be switched on. */
export async function runFuzz(
  machine: Machine,
  order: Pick<FuzzOptions, 'seed' | 'count' | 'mostMs'>,
): Promise<FuzzRun> {
  const { url, pid, stop } = await startTarget(machine)
  try {
    const run = await fuzz({ ...order, port: Number(new URL(url).port), pid, arms: ARMS })
    const alive = await fetch(`${url}/readyz`)
    must(alive.status === 200, `/readyz: ${alive.status} after the run`)
    return run
  } finally {
    must((await stop()) === 0, 'the service did not end with exit code 0')
  }
}

/** The bytes of one request, as text. */
export function showRequest(seed: number, number: number): string {
  return JSON.stringify(hostileRequest(seed, number, ARMS).bytes.toString('latin1'))
}

async function startTarget(machine: Machine) {
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
  endWithRun(machine, service)
  const { url } = await greeting(service)
  const stop = async (): Promise<unknown> => {
    const closed = once(service, 'close')
    service.kill()
    const [code] = await closed
    return code
  }
  return { url, pid: service.pid ?? 0, stop }
}
