import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { emptyWal } from '../db/open.ts'

/** What SQLite keeps beside a file. It would be taken for that of a file put in its place. */
export function sidecarsOf(file: string): string[] {
  return ['-wal', '-shm', '-journal'].map((suffix) => file + suffix)
}

/** What was written survives a power cut. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Puts a catalog file in another's place, where there may be none but what SQLite kept beside it: who has that open reads
 * on in it, who opens the path next has the new one.
 * @throws AppError `database` when the old one is being written to
 */
export async function swapIn(made: string, file: string): Promise<void> {
  await sync(made)
  emptyWal(file)
  await removeSidecars(file)
  await rename(made, file)
  // A reader that came in between has made them once more, of the old file and empty.
  await removeSidecars(file)
  await sync(dirname(file))
}

async function removeSidecars(file: string): Promise<void> {
  for (const sidecar of sidecarsOf(file)) await rm(sidecar, { force: true })
}
