import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BIN } from '../cli/program.ts'

/** Nobody, by Debian's numbers. */
const OTHER_USER = 65_534
/** A disk that is soon full, in MB. */
const DISK_MB = 256
const FAKETIME = '/usr/lib/*/faketime/libfaketime.so.1'

/** What this machine lets a process do. */
export interface Machine {
  folder: string
  /** A command that runs others as a user whom files can be kept from; empty: this user is one. */
  asOther: string[]
  /** Why no file can be kept from the service; undefined: it can. */
  readsAll: string | undefined
  /** The library that sets the clock of a program; undefined: there is none. */
  faketime: string | undefined
  /** Hands a file to the user that serves. */
  give(path: string): void
  /** What is to be ended or taken back with the run, the last one first. */
  leftovers: (() => void)[]
  /** Leaves nothing behind, however the run ended. */
  remove(): void
}

/** Where the catalog is. */
export interface Disk {
  folder: string
  /** Why it cannot be filled; undefined: it is a small one of its own. */
  isShared: string | undefined
}

export function inspectMachine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'modeldex-faults-'))
  chmodSync(folder, 0o755)
  const leftovers: (() => void)[] = []
  const isRoot = process.getuid?.() === 0
  const asOther = isRoot
    ? ['setpriv', `--reuid=${OTHER_USER}`, `--regid=${OTHER_USER}`, '--clear-groups', '--']
    : []
  const readsAll = isRoot ? whyNot([...asOther, process.execPath, BIN, '--version']) : undefined
  const isOther = isRoot && readsAll === undefined
  return {
    folder,
    asOther: isOther ? asOther : [],
    readsAll: readsAll && `root reads all, and no other user can run the program (${readsAll})`,
    faketime: globSync(FAKETIME)[0],
    give: (path) => {
      if (isOther) chownSync(path, OTHER_USER, OTHER_USER)
    },
    leftovers,
    remove() {
      for (const end of leftovers.splice(0).reverse()) end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A tmpfs where one can be mounted, else a folder. */
export function makeDisk({ folder, give, leftovers }: Machine): Disk {
  const path = join(folder, 'disk')
  mkdirSync(path)
  const isShared = whyNot(['mount', '-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'modeldex-faults', path])
  give(path)
  if (isShared === undefined) leftovers.push(() => whyNot(['umount', '--lazy', path]))
  return { folder: path, isShared }
}

/** Has a process ended with the run. Gives how it ends: its exit code, or a signal. */
export function endWithRun({ leftovers }: Machine, child: ChildProcess): Promise<unknown> {
  leftovers.push(() => child.kill('SIGKILL'))
  // Listened for from the start: one that has ended by itself says so only once.
  return once(child, 'close').then(([code, signal]) => signal ?? code)
}

/** Runs a command. Gives why it failed; undefined: it did not. */
export function whyNot([command = '', ...args]: string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (error !== undefined) return error.message
  return status === 0 ? undefined : stderr.trim() || `exit code ${status}`
}
