import { hash, randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { AppError, isSystemError } from '../errors.ts'
import { makeFolder } from '../program/folder.ts'
import { SCOPES, type Scope } from './scopes.ts'

const FORMAT_VERSION = 1

/** Lets people and secret scanners recognize a token. */
const TOKEN_PREFIX = 'mdx_'
const TOKEN_BYTES = 32

/** How long a writer waits for another one, and how often it looks, in ms. */
const LOCK_TIMEOUT_MS = 5_000
const LOCK_RETRY_MS = 20

const recordSchema = z.strictObject({
  name: z.string().min(1),
  scope: z.enum(SCOPES),
  /** Of the token's text, in hex: the text itself is kept nowhere. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
})
const fileSchema = z.strictObject({ version: z.literal(FORMAT_VERSION), tokens: z.array(recordSchema) })

export type TokenRecord = z.infer<typeof recordSchema>

/** A token's text, which is kept nowhere, and the record that recognizes it. */
export function newToken(
  name: string,
  scope: Scope,
  now: Date,
  expires?: Date,
): { text: string; record: TokenRecord } {
  const text = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url')
  const record: TokenRecord = {
    name,
    scope,
    sha256: hash('sha256', text),
    created_at: now.toISOString(),
    expires_at: expires?.toISOString() ?? null,
  }
  return { text, record }
}

/**
 * Reads all records; a missing file has none.
 * @throws AppError `internal`, naming the file, when it cannot be read or is no token file of this version
 */
export function readTokenFile(file: string): TokenRecord[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT')) return []
    throw new AppError('internal', `cannot read the tokens in ${file}: ${messageOf(cause)}`, { cause })
  }
  try {
    return fileSchema.parse(JSON.parse(text)).tokens
  } catch (cause) {
    const advice = 'it was left as it is: restore it, or move it away and create new tokens'
    const what = `${file} is damaged or no token file of version ${FORMAT_VERSION}`
    throw new AppError('internal', `${what}; ${advice}`, { cause })
  }
}

/**
 * Replaces the records by what `change` makes of them. Writers wait for each other, readers see the old file or the new
 * one, and a crash leaves the old.
 */
export async function updateTokenFile(
  file: string,
  change: (records: TokenRecord[]) => TokenRecord[],
): Promise<boolean> {
  const target = resolveLink(file)
  makeFolder(dirname(target), 0o700)
  const lock = await acquireLock(`${target}.lock`)
  try {
    const records = readTokenFile(target)
    const changed = change(records)
    if (changed === records) return false
    replaceFile(target, { version: FORMAT_VERSION, tokens: changed })
    return true
  } finally {
    closeSync(lock)
    rmSync(`${target}.lock`, { force: true })
  }
}

/** Replacing a link would leave the file behind it as it was. */
function resolveLink(file: string): string {
  try {
    return realpathSync(file)
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT')) return file
    throw cause
  }
}

/** A lock is never broken by force: two writers could each take the other's for a stale one. */
async function acquireLock(lock: string): Promise<number> {
  const deadline = performance.now() + LOCK_TIMEOUT_MS
  for (;;) {
    try {
      return openSync(lock, 'wx', 0o600)
    } catch (cause) {
      if (!isSystemError(cause, 'EEXIST')) throw cause
      if (performance.now() > deadline) {
        const advice = 'if no other modeldex is writing tokens, delete that file'
        throw new AppError('conflict', `${lock} is still there after ${LOCK_TIMEOUT_MS} ms: ${advice}`, {
          cause,
        })
      }
      await sleep(LOCK_RETRY_MS)
    }
  }
}

function replaceFile(file: string, content: z.infer<typeof fileSchema>): void {
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    const fd = openSync(temporary, 'wx', 0o600)
    try {
      writeFileSync(fd, `${JSON.stringify(content, null, 2)}\n`)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(file))
}

/** The rename itself reaches the disk with its folder. Windows cannot open folders, and need not. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
