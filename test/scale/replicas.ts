import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { newToken, updateTokenFile } from '../../src/http/token-file.ts'
import { askOnce, generation, startClients } from './clients.ts'
import {
  freePorts,
  NGINX_CONFIG,
  type Program,
  START_MS,
  startModeldex,
  startNginx,
  until,
} from './programs.ts'

/**
 * `npm run demo:replicas [ROUNDS]`: one publisher, three replicas that follow it and nginx in front, on loopback, while
 * replicas are killed, catalogs roll through and the publisher is gone. Ends by itself, with 1 where a request failed, an
 * answer was not whole and of one catalog, or a client saw an older one than before.
 */
const REPLICAS = 3
const CLIENTS = 12
const ADMIN = 'publisher-admin'
/** How long each state is kept under load, in ms. */
const STAY_MS = 1_000
/** A round ends within this time, and so does what comes before the first; in ms. */
const ROUND_MS = 180_000
/** How much of the end of a program's output is told where the demonstration fails, in characters. */
const TOLD = 1_000

const rounds = Number(process.argv[2] ?? 1)
if (!(rounds >= 1)) {
  console.error(`${process.argv[2]} is no number of rounds`)
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'modeldex-replicas-'))
const programs: Program[] = []
const giveUp = (why: unknown) => {
  console.error(`given up: ${why}`)
  process.exit(1)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, giveUp)
setTimeout((rounds + 1) * ROUND_MS, 'it took too long', { ref: false }).then(giveUp)
// However it ends: nothing of it goes on.
process.once('exit', () => {
  for (const program of programs) program.end()
  rmSync(folder, { recursive: true, force: true })
})
try {
  process.exitCode = (await demonstrate()) ? 0 : 1
} catch (error) {
  process.exitCode = 1
  console.error(error)
  for (const file of globSync(join(folder, '*.log')))
    console.error(`\n${file}\n${readFileSync(file, 'utf8').slice(-TOLD)}`)
} finally {
  await Promise.all(programs.map((program) => program.kill('SIGTERM')))
}

async function demonstrate(): Promise<boolean> {
  const [publisherPort = 0, own = 0, ...replicaPorts] = await freePorts(2 + REPLICAS)
  const publisherUrl = `http://127.0.0.1:${publisherPort}`
  const tokens = await issueTokens(join(folder, 'tokens.json'))
  const [probe = ''] = tokens
  const source = join(folder, 'source.json')
  let newest = 0

  const run = (program: Program) => {
    programs.push(program)
    return program
  }
  const startPublisher = () =>
    run(
      startModeldex(folder, 'publisher', ['--port', `${publisherPort}`, '--source', source], {
        MODELDEX_TOKEN: 'publisher-read',
        MODELDEX_ADMIN_TOKEN: ADMIN,
      }),
    )
  const startReplica = (index: number) =>
    run(
      startModeldex(
        folder,
        `replica-${index + 1}`,
        [
          ...['--port', `${replicaPorts[index]}`, '--tokens-file', join(folder, 'tokens.json')],
          ...['--follow', publisherUrl, '--follow-interval', '1'],
          ...['--trust-proxy', '1', '--rate-limit', '0', '--log-level', 'warn'],
        ],
        { MODELDEX_FOLLOW_TOKEN: 'publisher-read' },
      ),
    )
  const has = (url: string, token: string, number: number) => async () =>
    (await askOnce(url, token, false)) === number
  const replicaHas = (index: number) => has(`http://127.0.0.1:${replicaPorts[index]}`, probe, newest)
  const publisherHas = () => until('the publisher', has(publisherUrl, 'publisher-read', newest))
  const allHave = async () => {
    const all = replicaPorts.map((_, index) => until(`replica ${index + 1}`, replicaHas(index)))
    return Math.max(...(await Promise.all(all)))
  }
  const write = () => writeFileSync(source, JSON.stringify(generation(++newest)))
  const publish = async () => {
    write()
    const headers = { Authorization: `Bearer ${ADMIN}` }
    const signal = AbortSignal.timeout(START_MS)
    const answer = await fetch(`${publisherUrl}/api/v1/inference/refresh`, {
      method: 'POST',
      headers,
      signal,
    })
    if (!answer.ok) throw new Error(`refresh: status ${answer.status}`)
  }

  write()
  let publisher = startPublisher()
  await publisherHas()
  const replicas = replicaPorts.map((_, index) => startReplica(index))
  await allHave()
  run(startNginx(folder, readFileSync(NGINX_CONFIG, 'utf8'), { own, replicas: replicaPorts }))
  const front = `http://127.0.0.1:${own}`
  await until('nginx', has(front, probe, newest))

  const started = performance.now()
  const load = startClients(front, tokens)
  for (let round = 0; round < rounds; round++) {
    const victim = round % REPLICAS
    await setTimeout(STAY_MS)
    await replicas[victim]?.kill('SIGKILL')
    await setTimeout(STAY_MS)
    replicas[victim] = startReplica(victim)
    tell('a replica killed with -9: serves again after', await until('the replica', replicaHas(victim)))
    await setTimeout(STAY_MS)

    await publish()
    tell('a new catalog: with all replicas after', await allHave())
    await setTimeout(STAY_MS)

    await replicas[victim]?.kill('SIGKILL')
    await publish()
    await until('the others', async () => {
      const others = replicaPorts.map((_, index) => (index === victim ? true : replicaHas(index)()))
      return (await Promise.all(others)).every(Boolean)
    })
    replicas[victim] = startReplica(victim)
    tell('a replica that missed a catalog: serves it after', await until('the replica', replicaHas(victim)))
    await setTimeout(STAY_MS)

    await publisher.kill('SIGKILL')
    await setTimeout(2 * STAY_MS)
    publisher = startPublisher()
    await until(
      'the publisher',
      async () => (await askOnce(publisherUrl, 'publisher-read', false)) !== undefined,
    )
    await publish()
    tell('the publisher gone, and back with another catalog: with all replicas after', await allHave())
    await setTimeout(STAY_MS)
  }
  await load.stop()

  const { requests, failed, mixed, backwards } = load.seen
  const seconds = (performance.now() - started) / 1000
  const failures = [...failed.values()].reduce((sum, count) => sum + count, 0)
  console.log(`${CLIENTS} clients, ${seconds.toFixed(0)} s, ${newest} catalogs, ${requests} requests`)
  console.log(`failed requests: ${failures}`)
  for (const [cause, count] of failed) console.log(`  ${cause}: ${count}`)
  console.log(`answers not whole, or of several catalogs: ${mixed}`)
  console.log(`answers older than one before to the same client: ${backwards}`)
  return failures + mixed + backwards === 0
}

function tell(what: string, seconds: number): void {
  console.log(`${what} ${seconds.toFixed(1)} s`)
}

async function issueTokens(file: string): Promise<string[]> {
  const issued = Array.from({ length: CLIENTS }, (_, index) =>
    newToken(`client-${index}`, 'read', new Date()),
  )
  await updateTokenFile(file, () => issued.map(({ record }) => record))
  return issued.map(({ text }) => text)
}
