import { setTimeout } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { Fault } from './fault.ts'
import { isGone } from './processes.ts'
import { expectDone, must, type Scene, until } from './scene.ts'

/** Through how much of its work an ingest is let before it is killed, in ms, one after the other. */
const INTO_ITS_WORK_MS = [0, 20, 60]
/** How many more are killed where a slow look found each of them done. */
const MORE_KILLS = 10

export const INGEST: Fault = {
  name: 'an ingest runs',
  async happen(scene) {
    const { stdout } = await expectDone(scene.ingest(scene.nextSource()))
    scene.nextIsIn()
    return [`${stdout.split('\n')[1]}; from the next request on none was answered from the old one`]
  },
}

export const KILLED_INGEST: Fault = {
  name: 'an ingest is killed with -9 in its transaction',
  async happen(scene) {
    const kills: { line: string; isInterrupted: boolean }[] = []
    const isShown = () => kills.some(({ isInterrupted }) => isInterrupted)
    for (const ms of INTO_ITS_WORK_MS) kills.push(await killIngest(scene, ms))
    for (let more = 0; !isShown() && more < MORE_KILLS; more++) kills.push(await killIngest(scene, 0))
    must(isShown(), 'each was killed too late')
    await expectDone(scene.ingest(scene.nextSource()))
    scene.nextIsIn()
    return [...kills.map(({ line }) => line), 'the next ingest found nothing in its way']
  },
}

/** Kills an ingest so long after it began to write. */
async function killIngest(scene: Scene, ms: number) {
  const { child, ended } = scene.startIngest(scene.nextSource())
  await until('the ingest writes', () => isWriting(scene.db) || child.exitCode !== null)
  await setTimeout(ms)
  child.kill('SIGKILL')
  const ending = await ended
  must(isGone(child.pid ?? 0), `process ${child.pid} is still there`)
  const { oldest, newest } = scene.truth
  const held = heldIn(scene.db)
  must(held === oldest || held === newest, `the file holds catalog ${held}`)
  if (held === newest) scene.nextIsIn()
  else scene.nextIsOff()
  const which = held === oldest ? 'the one before' : 'the next one, for it had been committed'
  return {
    line: `${ms} ms after it began to write: ended by ${ending}, pid ${child.pid} gone; the file holds ${which}`,
    isInterrupted: ending === 'SIGKILL' && held === oldest,
  }
}

/** Which catalog it is; undefined: it holds models of several. */
function heldIn(file: string): unknown {
  const db = new Sqlite(file, { readonly: true })
  const [price, ...others] = db.prepare('SELECT DISTINCT input_usd FROM v_model').pluck().all()
  db.close()
  return others.length === 0 ? price : undefined
}

/** Whether somebody else holds the lock for writing. */
function isWriting(file: string): boolean {
  const db = new Sqlite(file, { timeout: 0 })
  try {
    db.exec('BEGIN IMMEDIATE')
    db.exec('ROLLBACK')
    return false
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return true
    throw error
  } finally {
    db.close()
  }
}
