import { open, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import type { Address } from '../source/address.ts'
import { type FetchedAnswer, type FetchLimits, fetchAnswer } from '../source/fetch.ts'
import type { Manifest } from './manifest.ts'

/** How often a broken download is taken up again before the next pull has its turn. */
const MAX_RESUMES = 4
const RESUME_PAUSE_MS = 500

/**
 * Downloads the snapshot of a manifest to a file, from where that ends: it may hold the beginning already, and keeps it
 * when the connection breaks.
 * @throws AppError `bad_gateway` or `gateway_timeout`, naming the address
 */
export async function download(
  address: Address,
  wanted: Manifest,
  file: string,
  limits: FetchLimits,
): Promise<void> {
  let had = await sizeOf(file)
  for (let resumes = 0; had < wanted.bytes; resumes++) {
    if (resumes > 0) await sleep(RESUME_PAUSE_MS)
    const fault = await faultOf(appendRest(address, wanted, file, had, limits), file)
    const has = await sizeOf(file)
    if (has < wanted.bytes && (has <= had || resumes === MAX_RESUMES)) {
      throw fault ?? new AppError('bad_gateway', `${address.shown} sent less than its manifest says`)
    }
    had = has
  }
}

/** Why work on a file failed; undefined where it did not. */
async function faultOf(work: Promise<void>, file: string): Promise<AppError | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error
    // A full disk has better use for the room.
    await rm(file, { force: true })
    throw cannotWrite(file, error)
  }
}

async function appendRest(
  address: Address,
  { bytes, sha256 }: Manifest,
  file: string,
  had: number,
  limits: FetchLimits,
): Promise<void> {
  const headers = {
    'accept-encoding': 'identity',
    // The publisher may have another one by now.
    'if-match': `"${sha256}"`,
    ...(had > 0 && { range: `bytes=${had}-` }),
  }
  const answer = await fetchAnswer(address, headers, limits)
  const from = beginOf(answer, had)
  if (from === undefined) {
    answer.drop()
    const why = answer.status === 412 ? 'has another snapshot by now' : `answered ${answer.status}`
    throw new AppError('bad_gateway', `${address.shown} ${why}`)
  }
  const handle = await open(file, 'a')
  try {
    if (from === 0) await handle.truncate(0)
    let size = from
    for await (const chunk of answer.body()) {
      size += chunk.byteLength
      if (size > bytes) throw new AppError('bad_gateway', `${address.shown} sent more than its manifest says`)
      await handle.appendFile(chunk)
    }
  } finally {
    answer.drop()
    await handle.close()
  }
}

/** Which byte of the snapshot an answer begins with; undefined: it is of no use. */
function beginOf({ status, headers }: FetchedAnswer, had: number): number | undefined {
  if (status === 200) return 0
  const isRest = status === 206 && headers['content-range']?.startsWith(`bytes ${had}-`) === true
  return isRest ? had : undefined
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined)
  return found?.size ?? 0
}

function cannotWrite(file: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError('database', `cannot write ${file}: ${reason}`, { cause })
}
