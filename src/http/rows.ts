import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ListFormat } from '../catalog/browse-params.ts'
import type { CatalogRows } from '../catalog/rows.ts'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { RowFormat } from '../formats/row-format.ts'
import { cachingOf, suggestionsOf } from './answer.ts'
import { chooseCoding, compressor } from './encoding.ts'
import { type Exchange, sendHead } from './exchange.ts'

/** How many rows are written in one turn of the event loop: about a millisecond's work. */
const PIECE_ROWS = 100
/** How many lists may be on their way at once: each holds a connection to the file. */
const MAX_LISTS = 16
/** When to ask again for one more, in s. */
const BUSY_RETRY_S = 2
/** How long a client may take none of it before it is cut off: the state that it reads is kept for it, in ms. */
const STALL_MS = 60_000

/** What a list can be sent row by row as. */
type RowsFormat = Exclude<ListFormat, 'json'>

const loadFormat: Record<RowsFormat, () => Promise<RowFormat>> = {
  csv: async () => (await import('../formats/csv.ts')).csv,
  ndjson: async () => (await import('../formats/ndjson.ts')).ndjson,
}

/** Sends rows as fast as the client takes them. */
export type SendRows = (exchange: Exchange, format: RowsFormat, open: () => CatalogRows) => Promise<void>

export function rowSender(config: Config, stallMs = STALL_MS): SendRows {
  const cacheControl = cachingOf(config)
  let lists = 0

  const send = async (exchange: Exchange, rows: CatalogRows, format: RowFormat) => {
    const { request, response } = exchange
    const stream = rowStream(rows, format)
    try {
      const coding = chooseCoding(request.headers['accept-encoding'])
      const suggestions = suggestionsOf(rows.didYouMean)
      const headers = [
        ...['Cache-Control', cacheControl, 'X-Dataset-Version', rows.version],
        ...(suggestions ? ['X-Did-You-Mean', suggestions] : []),
        ...['Content-Type', format.contentType],
        ...(coding === undefined ? [] : ['Content-Encoding', coding]),
      ]
      let bytes = 0
      sendHead(exchange, 200, headers, bytes)
      if (request.method === 'HEAD') return void response.end()
      response.setTimeout(stallMs, () => response.destroy())
      const encoded = coding === undefined ? new PassThrough() : compressor(coding)
      encoded.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        exchange.bytes = bytes
      })
      await pipeline(stream, encoded, response)
    } catch (error) {
      // Where the client has gone, or was cut off, nobody is left to tell.
      if (error instanceof AppError || !response.destroyed) throw error
    } finally {
      stream.destroy()
    }
  }

  return async (exchange, format, open) => {
    if (lists >= MAX_LISTS) {
      exchange.headers = [...exchange.headers, 'Retry-After', `${BUSY_RETRY_S}`]
      throw new AppError('rate_limited', `${MAX_LISTS} lists are being sent row by row already`)
    }
    lists++
    try {
      const loaded = await loadFormat[format]()
      await send(exchange, open(), loaded)
    } finally {
      lists--
    }
  }
}

/** A stream of rows, which closes them when it ends or is destroyed. */
function rowStream(rows: CatalogRows, { head, row }: RowFormat): Readable {
  const stream = new Readable({
    read() {
      // In a turn of its own, so that other requests come in between.
      setImmediate(() => {
        if (stream.destroyed) return
        try {
          const piece = rows.next(PIECE_ROWS)
          stream.push(piece.length === 0 ? null : piece.map(row).join(''))
        } catch (cause) {
          stream.destroy(new AppError('database', 'The catalog database cannot be read', { cause }))
        }
      })
    },
    destroy(error, done) {
      rows.close()
      done(error)
    },
  })
  if (head !== '') stream.push(head)
  return stream
}
