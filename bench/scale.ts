import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { openForReading, openForWriting, withDatabase } from '../src/db/open.ts'
import { stateAt } from '../src/history/states.ts'
import { catalogOf as catalogAt } from '../src/history/undo.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { writeSnapshot } from '../src/snapshot/write.ts'
import { freePorts, startNginxServers, until } from '../test/scale/programs.ts'
import { readSample } from './entries.ts'
import { median } from './figures.ts'
import { type Exchange, runLoad } from './load.ts'
import { CREDENTIALS, serviceArgs, startServer } from './servers.ts'
import { hotLoad } from './workloads.ts'

/**
 * `npm run bench:scale`: prints what a copy of the catalog takes to keep and to send, what a refresh writes, and what a
 * cache in front saves, with nginx as `deploy/nginx/cache.conf` has it.
 */
const CACHE_CONFIG = join(import.meta.dirname, '../deploy/nginx/cache.conf')
/** Dates of the seed's history: each is ingested after the one before. */
const DATES = ['2026-06-30', '2026-07-17', '2026-09-30']
const ROUNDS = 5
/** In each round, to each server. */
const REQUESTS = 20_000
/** SQLite's write-ahead log: its head, the head of each frame before its page, where that has the page's number. */
const WAL_HEAD_BYTES = 32
const FRAME_HEAD_BYTES = 24
const PAGE_BYTES = 4096
const ASKED = { ...CREDENTIALS, 'Accept-Encoding': 'br' }

const folder = mkdtempSync(join(tmpdir(), 'modeldex-bench-scale-'))
try {
  const db = join(folder, 'catalog.db')
  await ingest({ db, from: 'seed' })
  await measureSnapshot(db)
  await measureRefreshes(db)
  await measureCache(db)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measureSnapshot(db: string): Promise<void> {
  const file = join(folder, 'snapshot.db')
  await writeSnapshot({ db, file, history: true, force: false })
  const bytes = readFileSync(file)
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 } }
  print('a snapshot of the seed', megabytes(bytes.length))
  print('  by gzip', megabytes(gzipSync(bytes).length))
  print('  by zstd', megabytes(zstdCompressSync(bytes).length))
  print('  by brotli, quality 9', megabytes(brotliCompressSync(bytes, brotli).length))
}

/** While somebody reads, the log is not begun anew: so does whoever copies it. */
async function measureRefreshes(seed: string): Promise<void> {
  const db = join(folder, 'refreshed.db')
  const source = join(folder, 'source.json')
  for (const date of DATES) {
    const providers = withDatabase(openForReading(seed), (opened) =>
      catalogAt(opened, stateAt(opened, Date.parse(`${date}T23:59:59Z`)).lastChange),
    )
    const catalog = providers.map(({ id, head, models }) => [
      id,
      { ...head, models: Object.fromEntries(models) },
    ])
    writeFileSync(source, JSON.stringify(Object.fromEntries(catalog)))
    const models = providers.reduce((count, provider) => count + provider.models.length, 0)
    const report = await logged(db, () => ingest({ db, from: source }))
    const changes = report.added + report.removed + report.changed
    print(`a refresh to ${date}: ${models} models, ${changes} of them others`, report.log)
  }
  const catalog = JSON.parse(readFileSync(source, 'utf8'))
  catalog.openai.models['gpt-4o'].cost.input += 1
  writeFileSync(source, JSON.stringify(catalog))
  print('a refresh that changes one price', (await logged(db, () => ingest({ db, from: source }))).log)
  writeFileSync(source, JSON.stringify(catalog, null, 1))
  print(
    'a refresh that brings the same in other bytes',
    (await logged(db, () => ingest({ db, from: source }))).log,
  )
}

/** Does some work on a catalog, and tells what that wrote to the log. */
async function logged<Result>(db: string, work: () => Promise<Result>): Promise<Result & { log: string }> {
  const isFirst = statSync(db, { throwIfNoEntry: false }) === undefined
  if (isFirst) return { ...(await work()), log: 'makes the file' }
  withDatabase(openForWriting(db), (opened) => opened.pragma('wal_checkpoint(TRUNCATE)'))
  const reader = openForReading(db)
  try {
    reader.exec('BEGIN')
    reader.prepare('SELECT version FROM dataset').get()
    const result = await work()
    const log = readFileSync(`${db}-wal`)
    const frame = FRAME_HEAD_BYTES + PAGE_BYTES
    const frames = Math.floor((log.length - WAL_HEAD_BYTES) / frame)
    const pages = new Set(
      Array.from({ length: Math.max(0, frames) }, (_, place) =>
        log.readUInt32BE(WAL_HEAD_BYTES + place * frame),
      ),
    )
    const packed = zstdCompressSync(log).length
    return {
      ...result,
      log: `${megabytes(log.length)} of log, ${pages.size} pages; by zstd ${megabytes(packed)}`,
    }
  } finally {
    reader.close()
  }
}

async function measureCache(db: string): Promise<void> {
  const service = await startServer({ args: serviceArgs(db), log: join(folder, 'service.log') })
  const [own = 0] = await freePorts(1)
  for (const name of ['modeldex', 'modeldex-tokens']) mkdirSync(join(folder, name))
  const config = readFileSync(CACHE_CONFIG, 'utf8')
    .replaceAll('127.0.0.1:8787', `127.0.0.1:${service.port}`)
    .replace('127.0.0.1:8790', `127.0.0.1:${own}`)
    .replaceAll('/var/cache/nginx/', `${folder}/`)
  const nginx = startNginxServers(folder, `keepalive_requests ${ROUNDS * REQUESTS};\n${config}`)
  try {
    await until('nginx answers', async () => (await fetch(`http://127.0.0.1:${own}/healthz`)).ok)
    await checkCache(own)
    const exchanges = await Promise.all(
      hotLoad(readSample(db)).map(({ url }) => exchangeOf(service.port, url)),
    )
    const figures = { service: [] as Round[], nginx: [] as Round[] }
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, port] of [
        ['service', service.port],
        ['nginx', own],
      ] as const) {
        const before = (await service.usage()).cpuUs
        const { seconds } = await runLoad(port, exchanges, REQUESTS)
        const cpuUs = (await service.usage()).cpuUs - before
        figures[name].push({ perSecond: REQUESTS / seconds, cpuUs: cpuUs / REQUESTS })
      }
    }
    printRounds('35 popular URLs, brotli, asked of modeldex', figures.service)
    printRounds('  the same of nginx that keeps them', figures.nginx)
    const { whole, notModified } = await sizesOf(service.port)
    print('a page of 20 models, brotli: all of the answer', `${whole} bytes`)
    print('  its 304', `${notModified} bytes`)
  } finally {
    await nginx.kill('SIGTERM')
    await service.stop()
  }
}

interface Round {
  perSecond: number
  /** Of modeldex, for each request. */
  cpuUs: number
}

/** @throws Error where the cache does what it must not */
async function checkCache(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/api/v1/inference/catalog?limit=2`
  const ask = (headers: Record<string, string>) => fetch(url, { headers })
  const states = [await ask(CREDENTIALS), await ask(CREDENTIALS)].map((answer) =>
    answer.headers.get('x-cache'),
  )
  const [hit, stranger] = [await ask(CREDENTIALS), await ask({ Authorization: 'Bearer wrong' })]
  const refusal: unknown = await stranger.json()
  const again = await ask({ ...CREDENTIALS, 'If-None-Match': hit.headers.get('etag') ?? '' })
  const seen = {
    states,
    refused: stranger.status,
    refusal,
    again: again.status,
    limit: hit.headers.get('ratelimit'),
  }
  const isRight =
    states.join() === 'MISS,HIT' &&
    stranger.status === 401 &&
    again.status === 304 &&
    seen.limit === null &&
    JSON.stringify(refusal).includes('authentication_error')
  if (!isRight) throw new Error(`the cache does not what it should: ${JSON.stringify(seen)}`)
}

async function exchangeOf(port: number, url: string): Promise<Exchange> {
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, { headers: ASKED })
  await answer.arrayBuffer()
  return {
    request: requestOf(url, ASKED),
    url,
    status: answer.status,
    length: Number(answer.headers.get('content-length')),
  }
}

function requestOf(url: string, headers: Record<string, string>): Buffer {
  const lines = Object.entries({ Host: 'modeldex', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return Buffer.from(`GET ${url} HTTP/1.1\r\n${lines.join('')}\r\n`)
}

/** How long an answer is with its head, and one that says that nothing has changed. */
async function sizesOf(port: number): Promise<{ whole: number; notModified: number }> {
  const url = `http://127.0.0.1:${port}/api/v1/inference/catalog?limit=20`
  const answer = await fetch(url, { headers: ASKED })
  await answer.arrayBuffer()
  const same = await fetch(url, { headers: { ...ASKED, 'If-None-Match': answer.headers.get('etag') ?? '' } })
  if (same.status !== 304) throw new Error(`it answers ${same.status}, not 304`)
  const head = ({ headers, status, statusText }: Response) =>
    [
      `HTTP/1.1 ${status} ${statusText}`,
      ...[...headers].map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    ].join('\r\n').length
  return { whole: head(answer) + Number(answer.headers.get('content-length')), notModified: head(same) }
}

function printRounds(what: string, rounds: Round[]): void {
  const perSecond = median(rounds.map((round) => round.perSecond))
  const cpuUs = median(rounds.map((round) => round.cpuUs))
  print(what, `${perSecond.toFixed(0)} requests/s, ${cpuUs.toFixed(1)} µs of modeldex's CPU each`)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(64)} ${figure}\n`)
}
