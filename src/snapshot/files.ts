import { open } from 'node:fs/promises'

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
