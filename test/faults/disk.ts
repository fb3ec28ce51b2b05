import { closeSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Fault } from './fault.ts'
import { expectDone, must, type Run, type Scene } from './scene.ts'

/** Pieces in which a disk is filled, in bytes, until not even the smallest one fits. */
const PIECES = [1_048_576, 4_096, 1]
/** Longest file that an ingest may write where only its own files are limited, in bytes. */
const FILE_LIMIT = 65_536

export const FULL_DISK: Fault = {
  name: 'the disk is full',
  async happen(scene) {
    const { disk } = scene
    if (disk.isShared !== undefined) {
      return {
        notRun: `a disk of its own cannot be mounted (${disk.isShared}); a limit of its files stands in for it, below`,
      }
    }
    emptyWal(scene.db)
    const filler = join(disk.folder, 'filler')
    const bytes = fill(filler)
    const free = statfsSync(disk.folder).bavail
    const shown = [`${bytes} bytes written until ENOSPC, ${free} blocks free`]
    try {
      shown.push(await failedIngest(scene))
      const { status, body } = await refused(scene)
      shown.push(`POST refresh: ${status} ${body.type}: ${body.detail}`)
    } finally {
      rmSync(filler)
    }
    return [...shown, await nextIngest(scene)]
  },
}

export const FULL_QUOTA: Fault = {
  name: 'files may grow no more',
  async happen(scene) {
    const shown = await failedIngest(scene, ['prlimit', `--fsize=${FILE_LIMIT}`, '--'])
    return [shown, await nextIngest(scene)]
  },
}

/** What is in the WAL already can be written over, however full the disk is. */
function emptyWal(file: string): void {
  const db = new Sqlite(file)
  const [state] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  db.close()
  must(state?.busy === 0, 'the WAL cannot be emptied')
}

async function failedIngest(scene: Scene, wrapper: string[] = []): Promise<string> {
  const before = statSync(scene.db).size
  const failed: Run = await scene.ingest(scene.nextSource(), { wrapper })
  if (failed.code === 0) scene.nextIsIn()
  else scene.nextIsOff()
  must(failed.code === 1, `the ingest ended with ${failed.code}: ${failed.stderr}`)
  must(/full|SQLITE_IOERR|ENOSPC/.test(failed.stderr), `it does not say why it failed: ${failed.stderr}`)
  must(statSync(scene.db).size === before, 'the catalog file has another size')
  return `ingest: exit code 1, ${failed.stderr.trim().split('\n').at(-1)}`
}

async function refused(scene: Scene) {
  scene.upstream.source = scene.nextSource()
  const answer = await scene.refresh()
  scene.nextIsOff()
  must(answer.status === 500 && answer.body.type === 'database_error', `refresh: ${JSON.stringify(answer)}`)
  return answer
}

async function nextIngest(scene: Scene): Promise<string> {
  await expectDone(scene.ingest(scene.nextSource()))
  scene.nextIsIn()
  return 'with room again, the next ingest went through'
}

/** Gives how many bytes there was room for. */
function fill(file: string): number {
  const fd = openSync(file, 'w')
  let bytes = 0
  try {
    for (const size of PIECES) bytes += writeUntilFull(fd, Buffer.alloc(size, 1))
  } finally {
    closeSync(fd)
  }
  return bytes
}

/** @throws Error for any other reason than a full disk */
function writeUntilFull(fd: number, piece: Buffer): number {
  let bytes = 0
  try {
    while (true) bytes += writeSync(fd, piece)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    return bytes
  }
}
