import type { IncomingMessage } from 'node:http'
import { pipeline, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { AppError } from '../errors.ts'

const DECODERS: Readonly<Record<string, () => Transform>> = {
  br: createBrotliDecompress,
  gzip: createGunzip,
  'x-gzip': createGunzip,
}

/**
 * An answer's body without its content coding, never more than `maxBytes` of it: neither as sent nor as decoded, for a
 * few kilobytes can be decoded to gigabytes.
 * @throws AppError `bad_gateway`, also while it is read
 */
export function decodedBody(
  response: IncomingMessage,
  shown: string,
  maxBytes: number,
): AsyncIterable<Buffer> {
  const declared = Number(response.headers['content-length'] ?? 0)
  if (declared > maxBytes) {
    response.destroy()
    throw new AppError('bad_gateway', `${shown} would send ${declared} bytes: the limit is ${maxBytes}`)
  }
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (coding === 'identity' || coding === '') return bounded(response, shown, maxBytes)
  const decoder = DECODERS[coding]?.()
  if (decoder === undefined) {
    response.destroy()
    throw new AppError('bad_gateway', `${shown} sent the unknown Content-Encoding ${JSON.stringify(coding)}`)
  }
  const sent = (chunks: AsyncIterable<Buffer>) => bounded(chunks, shown, maxBytes)
  // Whatever fails fails the decoder as well, and with it whoever reads from it.
  return bounded(
    pipeline(response, sent, decoder, () => {}),
    shown,
    maxBytes,
  )
}

async function* bounded(
  chunks: AsyncIterable<Buffer>,
  shown: string,
  maxBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new AppError('bad_gateway', `${shown} sent more than ${maxBytes} bytes`)
    yield chunk
  }
}
