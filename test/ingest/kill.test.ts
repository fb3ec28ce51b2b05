import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { readDataset } from '../../src/ingest/dataset.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { prepareCatalogFile } from '../../src/ingest/prepare.ts'
import { seededCatalog } from '../service.ts'
import { inTemporaryFolder, writeCatalog } from './catalogs.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const KILLS = 24

test(
  `an ingest killed at ${KILLS} moments leaves a sound file and a whole catalog, the old one or the new`,
  {
    timeout: 300_000,
  },
  () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      copyFileSync(await seededCatalog(), db)
      const versions = [versionOf(db), await versionOfHalf(folder)]
      const sources = ['seed', join(folder, 'half.json')]
      const seconds = await secondsOf(sources[1] ?? '', join(folder, 'timed.db'))
      let interrupted = 0
      for (let kill = 0; kill < KILLS; kill++) {
        const held = versions.indexOf(versionOf(db))
        const child = startIngest(sources[1 - held] ?? '', db)
        // From before the first write to after the commit, also where the machine is twice as fast by now.
        await Promise.race([sleep(seconds * 1000 * (0.1 + (1.1 * kill) / KILLS)), once(child, 'exit')])
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
        const found = soundVersionOf(db)
        expect(versions).toContain(found)
        if (child.signalCode === 'SIGKILL' && found === versions[held]) interrupted++
      }
      expect(interrupted).toBeGreaterThan(KILLS / 8)
      // Nothing is in the way of the next one.
      const last = await ingest({ db, from: 'seed' })
      expect(last.version).toBe(versions[0])
      expect(soundVersionOf(db)).toBe(versions[0])
      expect(await prepareCatalogFile(db)).toEqual({ empty: false })
    }),
)

/** The version, after checking the whole file and that every model of it is there with all that serves it. */
function soundVersionOf(file: string): string | undefined {
  return withDatabase(openForReading(file), (db) => {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const dataset = readDataset(db)
    for (const table of ['model', 'entry', 'entry_body']) {
      expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(dataset?.models)
    }
    // The history ends in what is there, and no change is without its state.
    const { version, last_change } = db
      .prepare<[], { version: string; last_change: number }>('SELECT * FROM state ORDER BY seq DESC LIMIT 1')
      .get() ?? { version: '', last_change: 0 }
    expect(version).toBe(dataset?.version)
    expect(db.prepare('SELECT max(id) FROM change').pluck().get()).toBe(last_change)
    const found = db.prepare('SELECT count(*) FROM entry_text WHERE entry_text MATCH ?').pluck()
    const like = db.prepare("SELECT count(*) FROM model WHERE id LIKE '%gpt%' OR name LIKE '%gpt%'").pluck()
    expect(found.get('"gpt"')).toBe(like.get())
    return dataset?.version
  })
}

function versionOf(file: string): string {
  return withDatabase(openForReading(file), readDataset)?.version ?? ''
}

/** Ingests every other provider of the seed, aside. */
async function versionOfHalf(folder: string): Promise<string> {
  const seed: Record<string, unknown> = JSON.parse(readFileSync(join(ROOT, 'seed', 'catalog.json'), 'utf8'))
  const half = Object.fromEntries(Object.entries(seed).filter((_, index) => index % 2 === 0))
  const from = writeCatalog(folder, half, 'half.json')
  return (await ingest({ db: join(folder, 'half.db'), from })).version
}

async function secondsOf(from: string, db: string): Promise<number> {
  const started = performance.now()
  await once(startIngest(from, db), 'exit')
  return (performance.now() - started) / 1000
}

function startIngest(from: string, db: string): ChildProcess {
  const command = ['ingest', '--from', from, '--db', db, '--allow-shrink']
  return spawn(process.execPath, [join(ROOT, 'src', 'bin.js'), ...command], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH },
  })
}
