import { hash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { openCatalog } from '../catalog/catalog.ts'
import { DOCUMENTS, type DocumentName } from './documents.ts'

/** The next better one takes ten times as long for a twentieth less. */
const BROTLI_QUALITY = 9
/** Base 2 logarithm of the window: providers repeat each other's models megabytes apart. */
const BROTLI_WINDOW_BITS = 22
const GZIP_LEVEL = 9

/** A document as it is sent. */
export interface MadeDocument {
  /** The dataset version of its content. */
  version: string
  /** SHA-256 of its text, in base64url. */
  digest: string
  bodies: Record<'identity' | 'gzip' | 'br', Uint8Array<ArrayBuffer>>
}

/** Makes a document from the catalog in a file. That takes a second: it is work for a thread. */
export function makeDocument(file: string, name: DocumentName): MadeDocument {
  const catalog = openCatalog(file)
  try {
    const { version, text } = catalog.read((db, version) => ({ version, text: DOCUMENTS[name](db) }))
    const identity = new Uint8Array(Buffer.from(text))
    const br = brotliCompressSync(identity, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
      },
    })
    const gzip = gzipSync(identity, { level: GZIP_LEVEL })
    // Copies: small buffers are parts of a pool, which cannot be handed to another thread.
    const bodies = { identity, gzip: new Uint8Array(gzip), br: new Uint8Array(br) }
    return { version, digest: hash('sha256', identity, 'base64url'), bodies }
  } finally {
    catalog.close()
  }
}
