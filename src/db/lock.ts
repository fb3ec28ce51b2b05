import { isBusy, openBeside } from './open.ts'

/**
 * Takes a lock that ends with its process, however that ends.
 * @param file is made where it is missing, and holds nothing
 * @returns what gives it back; undefined: another holds it
 */
export function takeLock(file: string): (() => void) | undefined {
  const db = openBeside(file, 'write')
  try {
    // Whoever looks is not to wait.
    db.pragma('busy_timeout = 0')
    db.exec('BEGIN EXCLUSIVE')
    return () => void db.close()
  } catch (error) {
    db.close()
    if (isBusy(error)) return undefined
    throw error
  }
}
