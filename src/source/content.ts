import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { AppError } from '../errors.ts'

/**
 * Longest source that is held and parsed whole, in bytes. No string can hold more than 512 MiB, and what is parsed takes
 * five times the memory.
 */
export const MAX_WHOLE_BYTES = 64 * 1024 * 1024

/** The bytes of a source: in memory, or in a file that is read piece by piece. */
export interface Content {
  size: number
  /** The bytes from one place up to another; they may be overwritten by the next read. */
  read(from: number, to: number): Buffer
  /** @throws AppError `invalid` where the bytes are not those that were there at first */
  verify(): void
  close(): void
}

export function inMemory(bytes: Buffer): Content {
  return {
    size: bytes.length,
    read: (from, to) => bytes.subarray(from, to),
    verify() {},
    close() {},
  }
}

/** How much of a file is kept since it was read last at most, in bytes. */
const WINDOW_BYTES = 1024 * 1024
/** How far behind what is kept something may stand to be taken for the next model of many: a key or a few lie between. In bytes. */
const NEAR_BYTES = 4 * 1024
/** How much is read then. In bytes. */
const AHEAD_BYTES = 64 * 1024

export function inFile(file: string): Content {
  const fd = openSync(file, 'r')
  const { size, mtimeMs } = fstatSync(fd)
  const window = { bytes: Buffer.alloc(WINDOW_BYTES), from: 0, to: 0 }
  const verify = () => {
    const now = fstatSync(fd)
    if (now.size !== size || now.mtimeMs !== mtimeMs) throw changed(file)
  }
  const fill = (bytes: Buffer, from: number) => {
    for (let done = 0; done < bytes.length; ) {
      const got = readSync(fd, bytes, done, bytes.length - done, from + done)
      if (got === 0) throw changed(file)
      done += got
    }
    return bytes
  }
  return {
    size,
    read(from, to) {
      if (to - from > WINDOW_BYTES) return fill(Buffer.allocUnsafe(to - from), from)
      if (from < window.from || to > window.to) {
        // What is asked for next mostly stands behind; in the order of the catalog it does not.
        const isNext = from >= window.from && from <= window.to + NEAR_BYTES
        const end = isNext ? Math.max(to, Math.min(from + AHEAD_BYTES, size)) : to
        window.to = window.from
        fill(window.bytes.subarray(0, end - from), from)
        window.from = from
        window.to = end
      }
      return window.bytes.subarray(from - window.from, to - window.from)
    },
    verify,
    close: () => closeSync(fd),
  }
}

function changed(file: string): AppError {
  return new AppError('invalid', `${file} was changed while it was read`)
}
