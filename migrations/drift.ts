import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { z } from 'zod'

/** Fails when the schema has changed without a migration, or when files and journal do not tell the same story. */

const MIGRATIONS = import.meta.dirname
const ROOT = join(MIGRATIONS, '..')
const DRIZZLE_KIT = join(ROOT, 'node_modules/drizzle-kit/bin.cjs')
const GENERATE_TIMEOUT_MS = 60_000

const journalSchema = z.object({ entries: z.array(z.object({ idx: z.number(), tag: z.string() })) })

const faults = [...journalFaults(), ...driftFaults()]
for (const fault of faults) console.error(`migrations: ${fault}`)
if (faults.length > 0) process.exitCode = 1
else console.log('migrations: the journal, the files and the schema in src/db agree')

function journalFaults(): string[] {
  const { entries } = journalSchema.parse(
    JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8')),
  )
  const tags = entries.map(({ tag }) => tag)
  const files = sqlFiles(MIGRATIONS)
  return [
    ...tags
      .filter((tag) => !files.includes(`${tag}.sql`))
      .map((tag) => `the journal names ${tag}, which has no file`),
    ...files
      .filter((file) => !tags.includes(file.slice(0, -4)))
      .map((file) => `${file} is not in the journal`),
    ...entries
      .filter(({ idx, tag }, place) => idx !== place || !tag.startsWith(`${String(place).padStart(4, '0')}_`))
      .map(({ tag }) => `${tag} does not stand at its place in the journal`),
  ]
}

/** Lets drizzle-kit write the migration that would be missing, into a copy. */
function driftFaults(): string[] {
  const copy = mkdtempSync(join(tmpdir(), 'modeldex-migrations-'))
  try {
    cpSync(MIGRATIONS, copy, { recursive: true })
    // Its --out is always taken as relative to the working folder.
    const out = relative(ROOT, copy)
    const { status, stdout, stderr, error } = spawnSync(
      process.execPath,
      [DRIZZLE_KIT, 'generate', '--dialect', 'sqlite', '--schema', './src/db/*schema.ts', '--out', out],
      { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: GENERATE_TIMEOUT_MS },
    )
    const added = sqlFiles(copy).filter((file) => !sqlFiles(MIGRATIONS).includes(file))
    if (added.length > 0) {
      const sql = added.map((file) => readFileSync(join(copy, file), 'utf8')).join('\n')
      return [
        `the schema in src/db has changed: run npx drizzle-kit generate --name NAME; it would write\n${sql}`,
      ]
    }
    // drizzle-kit can fail, or wait for an answer it does not get, and still exit with 0.
    if (status === 0 && stdout.includes('No schema changes')) return []
    return [`drizzle-kit could not compare the schema in src/db: ${error?.message ?? `${stdout}${stderr}`}`]
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function sqlFiles(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.sql'))
}
