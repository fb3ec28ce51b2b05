import dns from 'node:dns/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import { z } from 'zod'
import { startProgram } from '../cli/program.ts'

/**
 * Uses the program as an operator and a client would, in the folder given, and prints what came of it as JSON. It is a
 * program of its own because a network namespace holds processes, not functions.
 */

/** For documentation (RFC 5737): leads nowhere, anywhere. */
const OUTSIDE = '192.0.2.1'

/** Everything the program has said on stderr while it was asked for nothing remote. */
let unasked = ''

const ingested = await ingest('seed')
const served = await serve()
const remote = await ingest(`http://${OUTSIDE}/api.json`)
const result = {
  ingest: ingested.code,
  served,
  unasked,
  remote,
  connection: await failureOf(() => once(connect(80, OUTSIDE), 'connect')),
  lookup: await failureOf(() => dns.lookup('models.dev')),
}
process.stdout.write(JSON.stringify(result))
export type OfflineResult = typeof result

function start(args: string[]) {
  const { HOME = '', NODE_OPTIONS = '' } = process.env
  const child = startProgram(args, { env: { HOME, NODE_OPTIONS } })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk
  })
  return { child, said, closed: once(child, 'close') }
}

async function ingest(from: string): Promise<{ code: unknown; stderr: string }> {
  const { said, closed } = start(['ingest', '--from', from, '--db', 'ingested.db'])
  const [code] = await closed
  if (from === 'seed') unasked += said.stderr
  return { code, stderr: said.stderr }
}

async function serve() {
  const { child, said, closed } = start(['serve', '--port', '0'])
  const isReady = () => /^ {2}curl .*\n/m.test(said.stdout)
  while (!isReady() && child.exitCode === null) await Promise.race([once(child.stdout, 'data'), closed])
  if (!isReady()) throw new Error(`serve ended: ${said.stderr}`)
  const url = /listens on (\S+)/.exec(said.stdout)?.[1]
  const token = /Token \(shown this once\): (\S+)/.exec(said.stdout)?.[1]
  const get = async (path: string) => {
    const headers = { Authorization: `Bearer ${token}` }
    return (await fetch(`${url}/api/v1/inference/catalog${path}`, { headers })).json()
  }
  const { total } = z.object({ total: z.int() }).parse(await get('?query=claude&limit=1'))
  const { id } = z.object({ id: z.string() }).parse(await get('/openai/gpt-4o'))
  child.kill('SIGTERM')
  const [code] = await closed
  unasked += said.stderr
  return { total, id, code }
}

async function failureOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
