import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { type Catalog, formatCatalog, SourceError } from './catalog-file.ts'

const FETCH_TIMEOUT_MS = 60_000
const LICENCE = 'MIT, Copyright (c) 2025 spin.dev (LICENSE-models.dev)'

type Options = { from: string; origin?: string; licence: string; date: string; out: string }

process.exitCode = await main(process.argv)

async function main(argv: string[]): Promise<number> {
  const command = new Command('seed:update')
    .description('Rebuild the seed from a models.dev api.json: facts only, stable order, one model a line.')
    .requiredOption('--from <file|url>', 'the api.json to read: a file or an http(s) address', source)
    .option(
      '--origin <text>',
      'where it comes from, for SOURCE.md (default: the address, or the file name)',
      oneLine,
    )
    .option('--licence <text>', 'the licence it comes under, for SOURCE.md', oneLine, LICENCE)
    .option('--date <yyyy-mm-dd>', 'the date the source stands for (default: today, UTC)', day, today())
    .option('--out <dir>', 'where catalog.json and SOURCE.md go', import.meta.dirname)
    .allowExcessArguments(false)
    .exitOverride()
    .action(update)
  try {
    await command.parseAsync(argv)
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`seed:update: ${reason(error)}\n`)
    return 1
  }
}

async function update(options: Options): Promise<void> {
  const bytes = await read(options.from)
  const catalog = format(options.from, bytes)
  const sourceText = sourceMd(options, catalog, sha256(bytes))
  mkdirSync(options.out, { recursive: true })
  // Both are complete on disk before either takes its place: a full disk leaves the old pair.
  replace([
    [join(options.out, 'catalog.json'), catalog.text],
    [join(options.out, 'SOURCE.md'), sourceText],
  ])
  process.stdout.write(`seed: ${grouped(catalog.providers)} providers, ${grouped(catalog.models)} models\n`)
}

async function read(from: string): Promise<Buffer> {
  if (!/^https?:/i.test(from)) return readFileSync(from)
  const response = await fetch(from, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) })
  if (!response.ok) throw new SourceError(`${from} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

function format(from: string, bytes: Buffer): Catalog {
  try {
    return formatCatalog(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    if (error instanceof SourceError) throw new SourceError(`${from} ${error.message}`, { cause: error })
    if (error instanceof TypeError) throw new SourceError(`${from} is no UTF-8 text`, { cause: error })
    throw error
  }
}

function replace(files: [path: string, text: string][]): void {
  const pending = files.map(([path, text]) => ({ path, text, temporary: `${path}.${process.pid}.tmp` }))
  try {
    for (const { temporary, text } of pending) writeFileSync(temporary, text)
    for (const { temporary, path } of pending) renameSync(temporary, path)
  } finally {
    for (const { temporary } of pending) rmSync(temporary, { force: true })
  }
}

function sourceMd(options: Options, catalog: Catalog, sourceSha256: string): string {
  const { providers, models, inside } = catalog.descriptions
  return `# Where the seed comes from

\`catalog.json\` is the catalog of models.dev, in the shape of its \`api.json\`: facts only.
This page is written by \`npm run seed:update -- --from FILE|URL\`; do not edit it by hand.

- Origin: ${options.origin ?? defaultOrigin(options.from)}
- Date: ${options.date}
- Licence: ${options.licence}
- Providers: ${grouped(catalog.providers)}
- Models: ${grouped(catalog.models)}
- SHA-256 of \`catalog.json\`: \`${sha256(catalog.text)}\`
- SHA-256 of the source: \`${sourceSha256}\`

Left out: prose, which is \`description\`, on ${grouped(models)} models, ${grouped(providers)} providers and \
${grouped(inside)} times inside them.
Everything else is kept as sent, numbers to the last digit. Providers and models stand in code point order, one model a
line, so that a refresh reads as a diff of the models it changed.
`
}

function source(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('Must not be blank.')
  const scheme = /^([a-z][a-z\d+.-]+):\/\//i.exec(value)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new InvalidArgumentError('Must be a file or an http(s) address.')
  }
  if (scheme !== undefined && !URL.canParse(value)) throw new InvalidArgumentError('Is no valid address.')
  return value
}

function day(value: string): string {
  const date = new Date(`${value}T00:00:00Z`)
  const real = /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(date.getTime())
  if (!real || date.toISOString().slice(0, 10) !== value)
    throw new InvalidArgumentError('Must be a day, YYYY-MM-DD.')
  return value
}

function oneLine(value: string): string {
  const text = value.replaceAll(/\s+/g, ' ').trim()
  if (text === '') throw new InvalidArgumentError('Must not be blank.')
  return text
}

/** Neither a folder of this machine nor what an address may carry as a secret goes into the project. */
function defaultOrigin(from: string): string {
  if (!/^https?:/i.test(from)) return `the file ${oneLine(basename(from))}`
  const { origin, pathname } = new URL(from)
  return `${origin}${pathname}`
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  const deeper = error.message === 'fetch failed' && cause instanceof Error ? `: ${cause.message}` : ''
  return `${error.message}${deeper}`.replaceAll(/\s+/g, ' ')
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
