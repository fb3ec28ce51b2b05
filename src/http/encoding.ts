import type { Transform } from 'node:stream'
import { brotliCompressSync, constants, createBrotliCompress, createGzip, gzipSync } from 'node:zlib'

/** The content codings on offer, the one we would rather send first. */
export type Coding = 'br' | 'gzip'
const CODINGS: readonly Coding[] = ['br', 'gzip']

/**
 * How well an answer is compressed: beyond these it takes much longer than it saves. Lists in gzip have a way of their own
 * (catalog/gzip-list.ts).
 */
const GZIP_LEVEL = 3
const BROTLI_QUALITY = 4
/** Base 2 logarithm of brotli's window: a page fits, and it allocates megabytes less a request than by default. */
const BROTLI_WINDOW_BITS = 16
const BROTLI_PARAMS = {
  [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
  [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
}
/** The same for what is compressed once and kept as long as the program runs; gzip has its default. */
const KEPT_BROTLI_PARAMS = { [constants.BROTLI_PARAM_QUALITY]: 6 }
/** Both give their output in pieces of this size, in bytes; the default is kept alive whole by a few hundred bytes. */
const CHUNK_BYTES = 4 * 1024

/** How many headers' choices are kept: clients of a kind all send the same one. */
const MAX_KEPT_CHOICES = 200
const choices = new Map<string, Coding | undefined>()

/** The coding that an `Accept-Encoding` header wants most, or undefined for none. */
export function chooseCoding(header: string | undefined): Coding | undefined {
  if (header === undefined || header === '') return undefined
  if (choices.has(header)) return choices.get(header)
  const choice = choose(header)
  if (choices.size < MAX_KEPT_CHOICES) choices.set(header, choice)
  return choice
}

function choose(header: string): Coding | undefined {
  const weights = parseWeights(header)
  let best: Coding | undefined
  // Identity is always acceptable and comes last, unless the client ranks it itself.
  let bestWeight = weights.get('identity') ?? 0
  for (const coding of CODINGS) {
    const weight = weights.get(coding) ?? weights.get('*') ?? 0
    if (weight === 0) continue
    if (weight > bestWeight || (weight === bestWeight && best === undefined)) {
      best = coding
      bestWeight = weight
    }
  }
  return best
}

/** The weight of each item of such a header, in lower case; other parameters than `q` are left out. */
export function parseWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>()
  for (const item of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    weights.set(coding === 'x-gzip' ? 'gzip' : coding, weight === undefined ? 1 : Number(weight) || 0)
  }
  return weights
}

/** Compresses in place: a page is small, and the thread pool would cost more than the work itself. */
export function compress(body: Uint8Array, coding: Coding): Buffer {
  if (coding === 'gzip') return gzipSync(body, { chunkSize: CHUNK_BYTES, level: GZIP_LEVEL })
  return brotliCompressSync(body, { chunkSize: CHUNK_BYTES, params: BROTLI_PARAMS })
}

/** Compresses what stays the same as long as the program runs. */
export function compressToKeep(text: string, coding: Coding): Buffer {
  return coding === 'gzip' ? gzipSync(text) : brotliCompressSync(text, { params: KEPT_BROTLI_PARAMS })
}

/** Compresses what is too long to be held whole, off this thread. */
export function compressor(coding: Coding): Transform {
  return coding === 'gzip' ? createGzip() : createBrotliCompress({ params: BROTLI_PARAMS })
}
