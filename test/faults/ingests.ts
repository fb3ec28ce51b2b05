import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { Fault } from './fault.ts'
import { isGone } from './processes.ts'
import { expectDone, must, until } from './scene.ts'

/** Through how much of its work an ingest is let before it is killed, in ms, one after the other. */
const INTO_ITS_WORK_MS = [0, 20, 60]

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
    const shown: string[] = []
    let interrupted = 0
    for (const ms of INTO_ITS_WORK_MS) {
      const child = scene.startIngest(scene.nextSource())
      const ended = once(child, 'exit')
      await until('the ingest writes', () => isWriting(scene.db) || child.exitCode !== null)
      await setTimeout(ms)
      child.kill('SIGKILL')
      const [code, signal] = await ended
      must(isGone(child.pid ?? 0), `process ${child.pid} is still there`)
      const { oldest, newest } = scene.truth
      const held = heldIn(scene.db)
      must(held === oldest || held === newest, `the file holds catalog ${held}`)
      if (held === newest) scene.nextIsIn()
      else scene.nextIsOff()
      if (signal === 'SIGKILL' && held === oldest) interrupted++
      const which = held === oldest ? 'the one before' : 'the next one, for it had been committed'
      shown.push(
        `${ms} ms after it began to write: ${signal ?? `exit code ${code}`}, pid ${child.pid} gone; the file holds ${which}`,
      )
    }
    must(interrupted > 0, 'each was killed too late')
    await expectDone(scene.ingest(scene.nextSource()))
    scene.nextIsIn()
    return [...shown, 'the next ingest found nothing in its way']
  },
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
