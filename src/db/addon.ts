import { lstatSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { AppError } from '../errors.ts'
import { isBinary, readProgramFile } from '../program/files.ts'

/** What the binary calls the driver's native part. */
const ADDON = 'better_sqlite3.node'
/** How the folders begin that it is written to. */
const FOLDER = 'modeldex-driver-'
/** Another start may still be about to load what stands in a folder younger than this, in ms. */
const LEFTOVER_MS = 60_000
/** Where this process has it loaded from, told to its threads. */
const LOADED_FROM = 'modeldex:addon'

let addon: object | undefined

/**
 * The driver's native part as the binary brings it. It is loaded from a file that only this user may read and that is
 * gone at once. Elsewhere undefined: the driver finds its own.
 * @throws AppError `internal` where no folder lets a file be written and loaded
 */
export function embeddedAddon(): object | undefined {
  if (isBinary) addon ??= loadedAddon() ?? writtenAddon()
  return addon
}

/**
 * The system knows what it has loaded by its path, also when that file is gone, and hands out the same again. A second
 * SQLite in one process would take away the locks of the first.
 */
function loadedAddon(): object | undefined {
  const path = getEnvironmentData(LOADED_FROM)
  return typeof path === 'string' ? load(path) : undefined
}

function writtenAddon(): object {
  const bytes = readProgramFile(ADDON)
  const failures: string[] = []
  for (const place of new Set([tmpdir(), '/dev/shm', '/var/tmp', process.cwd()])) {
    let folder: string | undefined
    removeLeftovers(place)
    try {
      // Nobody but this user may enter it.
      folder = mkdtempSync(join(place, FOLDER))
      const file = join(folder, ADDON)
      writeFileSync(file, bytes, { mode: 0o600, flag: 'wx' })
      const loaded = load(file)
      setEnvironmentData(LOADED_FROM, file)
      return loaded
    } catch (error) {
      failures.push(`${place}: ${error instanceof Error ? error.message : error}`)
    } finally {
      removeQuietly(folder)
    }
  }
  const advice = 'set TMPDIR to a folder that is writable and not mounted noexec'
  throw new AppError('internal', `cannot load the SQLite that is inside: ${advice} (${failures.join('; ')})`)
}

function load(file: string): object {
  const loaded = { exports: {} }
  process.dlopen(loaded, file)
  return loaded.exports
}

/** Windows keeps a file that is loaded, so that a start leaves it to a later one; so does one that is killed. */
function removeLeftovers(place: string): void {
  for (const name of namesIn(place).filter((name) => name.startsWith(FOLDER))) {
    const folder = join(place, name)
    try {
      const found = lstatSync(folder)
      const isOurs = found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())
      if (!isOurs || Date.now() - found.mtimeMs < LEFTOVER_MS) continue
      rmSync(join(folder, ADDON), { force: true })
      // Fails where there is anything else in it.
      rmdirSync(folder)
    } catch {}
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function removeQuietly(folder: string | undefined): void {
  try {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  } catch {}
}
