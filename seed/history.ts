import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Command, CommanderError } from 'commander'
import { openForReading, withDatabase } from '../src/db/open.ts'
import { ingest } from '../src/ingest/ingest.ts'
import type { SeedChange, SeedHistory } from '../src/ingest/seed-history.ts'
import { formatCatalog } from './catalog-file.ts'

/** Writes seed/history.json from catalogs of several dates: what an ingest of each, one after the other, records. */

const SOURCE_NAME = /^(\d{4}-\d\d-\d\d)\.json(\.gz)?$/

process.exitCode = await main(process.argv)

async function main(argv: string[]): Promise<number> {
  const command = new Command('seed:history')
    .description('Rebuild the history of the seed from catalogs of several dates: facts only, stable order.')
    .argument('<dir>', 'a folder of YYYY-MM-DD.json or .json.gz files in the shape of api.json')
    .option('--out <dir>', 'where history.json and HISTORY.md go', import.meta.dirname)
    .exitOverride()
    .action(write)
  try {
    await command.parseAsync(argv)
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`seed:history: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

async function write(dir: string, { out }: { out: string }): Promise<void> {
  const names = readdirSync(dir).filter((name) => SOURCE_NAME.test(name))
  if (names.length === 0) throw new Error(`${dir} holds no YYYY-MM-DD.json or .json.gz`)
  const folder = mkdtempSync(join(tmpdir(), 'modeldex-history-'))
  try {
    const states: SeedHistory['states'] = []
    for (const name of names.sort()) states.push(await stateOf(join(dir, name), folder))
    writeFileSync(join(out, 'history.json'), textOf(states))
    writeFileSync(join(out, 'HISTORY.md'), historyMd(states))
    const changes = states.reduce((sum, state) => sum + state.changes.length, 0)
    process.stdout.write(`seed: ${states.length} states, ${changes.toLocaleString('en-US')} changes\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Ingests one more catalog and reads what that recorded, before a later one renames what it is about. */
async function stateOf(file: string, folder: string): Promise<SeedHistory['states'][number]> {
  const bytes = readFileSync(file)
  const source = join(folder, 'source.json')
  writeFileSync(source, formatCatalog((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()).text)
  const db = join(folder, 'catalog.db')
  const date = basename(file).slice(0, 10)
  const { version, providers, models, setAside, unchanged } = await ingest({
    db,
    from: source,
    now: () => new Date(date),
  })
  if (unchanged) throw new Error(`${file} is the same catalog as the one before`)
  for (const { path, reason } of setAside) process.stderr.write(`set aside: ${path}: ${reason}\n`)
  return { date, version, providers, models, changes: lastChanges(db) }
}

interface Row {
  kind: SeedChange[0]
  subject: string
  field: string
  before: string | null
  after: string | null
}

function lastChanges(file: string): SeedChange[] {
  const rows = withDatabase(openForReading(file), (db) =>
    db
      .prepare<[], Row>(
        `SELECT kind, subject, field, before, after FROM v_change
         WHERE id > coalesce((SELECT last_change FROM state ORDER BY seq DESC LIMIT 1 OFFSET 1), 0) ORDER BY id DESC`,
      )
      .all(),
  )
  return rows.map(({ kind, subject, field, before, after }): SeedChange => {
    if (kind === 'changed') return [kind, subject, field, sideOf(before), sideOf(after)]
    return before === null || kind === 'added' || kind === 'returned'
      ? ([kind, subject] as SeedChange)
      : [kind, subject, JSON.parse(before)]
  })
}

function sideOf(json: string | null): [] | [unknown] {
  return json === null ? [] : [JSON.parse(json)]
}

/** One change a line, so that git shows what came to be known. */
function textOf(states: SeedHistory['states']): string {
  const texts = states.map(({ changes, ...head }) => {
    const lines = changes.map((change) => JSON.stringify(change)).join(',\n')
    return `${JSON.stringify(head).slice(0, -1)},"changes":[${lines === '' ? '' : `\n${lines}\n`}]}`
  })
  return `{"states":[\n${texts.join(',\n')}\n]}\n`
}

function historyMd(states: SeedHistory['states']): string {
  const rows = states.map(({ date, version, providers, models, changes }) => {
    const counts = [providers, models, changes.length].map((count) => count.toLocaleString('en-US'))
    return `| ${date} | ${counts.join(' | ')} | \`${version.slice(0, 16)}…\` |`
  })
  return `# Where the seed's history comes from

\`history.json\` says how the catalog of models.dev changed from each of these dates to the next: facts only. The first
date has no changes, and what the last ones lead to is \`catalog.json\`.
This page is written by \`npm run seed:history -- DIR\`; do not edit it by hand.

- Origin: the public repository anomalyco/models.dev, the last commit of each month, and what [SOURCE.md](SOURCE.md) names
- Licence: MIT, Copyright (c) 2025 spin.dev (LICENSE-models.dev)

| date | providers | models | changes | dataset version |
|---|---|---|---|---|
${rows.join('\n')}
`
}
