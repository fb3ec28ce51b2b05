import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { parseNoQuery } from '../catalog/params.ts'
import { answerPreparer, matches, sendAnswer } from './answer.ts'
import { type ByteRange, namesExactly, readRange } from './byte-range.ts'
import type { AppContext, Handler, PublishedSnapshot } from './context.ts'
import { chooseCoding } from './encoding.ts'
import { type Exchange, type FlatHeaders, send, sendHead } from './exchange.ts'

export const SNAPSHOT_PATH = '/api/v1/inference/snapshot'
export const MANIFEST_PATH = `${SNAPSHOT_PATH}/manifest`

const count = z.int().nonnegative()
const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** What `PublishedSnapshot.manifest` holds as finished text. */
export const manifestSchema = z
  .object({
    version: z.string().meta({ description: 'The dataset version.' }),
    fetched_at: z.iso.datetime(),
    source: z.string().meta({ description: 'Where the file it was made from had its content.' }),
    providers: count,
    models: count,
    states: count.meta({ description: 'Known states of the catalog.' }),
    changes: count.meta({ description: 'Changes between them.' }),
    overlay: digest
      .nullable()
      .meta({ description: 'SHA-256 of what an overlay decides and hides; null where it does neither.' }),
    schema_version: count,
    build: z.string().meta({ description: 'What its serving tables were built with.' }),
    bytes: count,
    sha256: digest.meta({ description: 'Of the snapshot file.' }),
    manifest_sha256: digest.meta({ description: 'Of the rest of the manifest, as canonical JSON.' }),
  })
  .meta({ id: 'SnapshotManifest', description: 'What a snapshot is.' })

/** How much of the version a file's name has, in characters. */
const VERSION_SHOWN = 12
const NO_BODY = ['Content-Length', '0']

export interface SnapshotHandlers {
  file: Handler
  manifest: Handler
}

/** The routes that hand out the catalog as one file, and say what it is. */
export function snapshotHandlers({ snapshots, config }: AppContext): SnapshotHandlers {
  // Whoever asks wants to know whether there is another one: what was kept must not be taken for it.
  const prepare = answerPreparer({ ...config, maxAge: undefined })
  return {
    async file(_request, response) {
      const { exchange, target } = response.locals
      parseNoQuery(target.pairs)
      await sendSnapshot(exchange, await snapshots.current())
    },
    async manifest(request, response) {
      const { exchange, target } = response.locals
      parseNoQuery(target.pairs)
      const { version, manifest: body } = await snapshots.current()
      sendAnswer(exchange, prepare({ version, body }, chooseCoding(request.headers['accept-encoding'])))
    },
  }
}

/** Answers by the rules of RFC 9110 for conditions and ranges. Other statuses than the contract's have no body. */
async function sendSnapshot(exchange: Exchange, snapshot: PublishedSnapshot): Promise<void> {
  const { version, sha256, bytes } = snapshot
  const { method, headers } = exchange.request
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch, range } = headers
  const ifRange = headers['if-range']?.toString()
  const etag = `"${sha256}"`
  const common = [
    ...['ETag', etag, 'Accept-Ranges', 'bytes'],
    ...['Cache-Control', 'private, no-cache', 'X-Dataset-Version', version],
  ]
  if (ifMatch !== undefined && ifMatch.trim() !== '*' && !namesExactly(ifMatch, etag)) {
    return send(exchange, 412, [...common, ...NO_BODY])
  }
  if (matches(ifNoneMatch, etag)) return send(exchange, 304, common)
  const isForRange = method === 'GET' && (ifRange === undefined || namesExactly(ifRange, etag))
  const part = isForRange ? readRange(range, bytes) : undefined
  if (part === 'unsatisfiable') {
    return send(exchange, 416, [...common, 'Content-Range', `bytes */${bytes}`, ...NO_BODY])
  }
  const head = [...common, ...describe(snapshot)]
  if (part === undefined) return sendBytes(exchange, 200, head, snapshot.file, { first: 0, last: bytes - 1 })
  const contentRange = `bytes ${part.first}-${part.last}/${bytes}`
  return sendBytes(exchange, 206, [...head, 'Content-Range', contentRange], snapshot.file, part)
}

function describe({ version, sha256 }: PublishedSnapshot): FlatHeaders {
  const name = `modeldex-${version.slice(0, VERSION_SHOWN)}.db`
  return [
    ...['Content-Type', 'application/vnd.sqlite3'],
    ...['Content-Disposition', `attachment; filename="${name}"`],
    ...['Repr-Digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`],
  ]
}

/** As fast as the client takes them. It keeps its file, also when that has been removed meanwhile. */
async function sendBytes(
  exchange: Exchange,
  status: number,
  headers: FlatHeaders,
  file: string,
  { first, last }: ByteRange,
): Promise<void> {
  const { request, response } = exchange
  const handle = await open(file)
  try {
    const length = last - first + 1
    sendHead(exchange, status, [...headers, 'Content-Length', `${length}`], length)
    if (request.method === 'HEAD') response.end()
    else await pipeline(handle.createReadStream({ start: first, end: last, autoClose: false }), response)
  } catch (error) {
    // Where the client has gone, or its connection was cut off, nobody is left to tell.
    if (!response.destroyed) throw error
  } finally {
    await handle.close()
  }
}
