import { readFileSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { ingest } from '../src/ingest/ingest.ts'

/**
 * One piece of work in a process of its own, which prints what it took: `floor`, the least a catalog in SQLite can take
 * (parse the JSON, insert ready rows into one table), or `ingest`.
 */
export interface IngestUsage {
  /** CPU of the work alone, and of the whole process, in µs. */
  workUs: number
  processUs: number
  seconds: number
  peakBytes: number
}

const MODEL_LINE = /^("(?:[^"\\]|\\.)*"):(\{.*\}),?$/

async function run([work, source = '', db = '']: string[]): Promise<IngestUsage> {
  const read = () => process.cpuUsage()
  // The rows are made ready before the clock starts.
  const begun = read()
  const rows = work === 'floor' ? readyRows(source) : []
  const preparing = process.cpuUsage(begun)
  const prepared = read()
  const started = performance.now()
  if (work === 'floor') floor(source, db, rows)
  else await ingest({ db, from: source })
  const { user, system } = process.cpuUsage(prepared)
  const whole = read()
  return {
    workUs: user + system,
    processUs: whole.user + whole.system - preparing.user - preparing.system,
    seconds: (performance.now() - started) / 1000,
    peakBytes: peakBytes(),
  }
}

/** Linux counts to a process what its parent took when it began; since the program was loaded into it, only here. */
function peakBytes(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : ''
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return 1024 * (peak === undefined ? process.resourceUsage().maxRSS : Number(peak))
}

function floor(source: string, file: string, rows: readonly string[][]): void {
  JSON.parse(readFileSync(source, 'utf8'))
  const db = new Sqlite(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec('CREATE TABLE model (id TEXT, json TEXT)')
  const insert = db.prepare('INSERT INTO model VALUES (?, ?)')
  db.transaction(() => {
    for (const row of rows) insert.run(...row)
  })()
  db.close()
}

/** The seed has a model a line: its id, and its JSON as it stands. */
function readyRows(source: string): string[][] {
  return readFileSync(source, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id, json] = MODEL_LINE.exec(line) ?? []
      return id === undefined || json === undefined ? [] : [[id, json]]
    })
}

if (import.meta.main) {
  const args = process.argv.slice(2)
  // Anew, but where the same content is loaded again.
  if (args.includes('--fresh'))
    for (const end of ['', '-wal', '-shm']) rmSync(`${args[2]}${end}`, { force: true })
  process.stdout.write(JSON.stringify(await run(args)))
}
