import { Worker } from 'node:worker_threads'
import { type Catalog, type CatalogReader, openCatalogBytes } from '../catalog/catalog.ts'
import { AppError } from '../errors.ts'

/** Most that kept catalogs may take together, in bytes; the one asked for last is kept in any case. */
const MAX_KEPT_BYTES = 96 * 1024 * 1024
/** Most catalogs that are being built or wait for it. */
const MAX_BUILDS = 4

/** A module of its own, beside this one in a checkout and in the package. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? 'past-worker.ts' : 'past-worker.js', import.meta.url)

/** Catalogs as they were. */
export interface PastCatalogs {
  /**
   * The catalog of a version that a file's history knows, to be used at once: it may be closed by the next event.
   * Undefined when too many others are asked for at once.
   * @throws AppError `database`
   */
  open(version: string): Promise<CatalogReader | undefined>
  close(): Promise<void>
}

interface Kept {
  catalog: CatalogReader & Pick<Catalog, 'close'>
  bytes: number
}

/**
 * Builds past catalogs in a thread, one at a time and each once for all who ask. They are kept by version, which is a
 * hash of the content: they never go stale. Those longest not asked for go first.
 */
export function pastCatalogs(file: string): PastCatalogs {
  const kept = new Map<string, Kept>()
  const builds = new Map<string, Promise<CatalogReader>>()
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  let stop: (() => Promise<unknown>) | undefined

  const keep = (version: string, bytes: Uint8Array): CatalogReader => {
    const catalog = openCatalogBytes(bytes, `the catalog ${version}`)
    kept.set(version, { catalog, bytes: bytes.byteLength })
    let total = kept.values().reduce((sum, { bytes }) => sum + bytes, 0)
    for (const [oldest, old] of kept) {
      if (total <= MAX_KEPT_BYTES || oldest === version) break
      kept.delete(oldest)
      old.catalog.close()
      total -= old.bytes
    }
    return catalog
  }

  const build = async (version: string): Promise<CatalogReader> => {
    if (isClosed) throw new AppError('database', 'The past catalogs are closed')
    const thread = startBuild(file, version)
    stop = thread.stop
    return keep(version, await thread.bytes)
  }

  return {
    async open(version) {
      const found = kept.get(version)
      if (found !== undefined) {
        kept.delete(version)
        kept.set(version, found)
        return found.catalog
      }
      const underWay = builds.get(version)
      if (underWay !== undefined) return underWay
      if (builds.size >= MAX_BUILDS) return undefined
      const turn = last.then(() => build(version))
      builds.set(version, turn)
      last = turn.catch(() => {}).finally(() => builds.delete(version))
      return turn
    },
    async close() {
      isClosed = true
      await stop?.()
      await last
      for (const { catalog } of kept.values()) catalog.close()
      kept.clear()
    },
  }
}

function startBuild(file: string, version: string): { bytes: Promise<Uint8Array>; stop(): Promise<unknown> } {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const worker = new Worker(WORKER, { workerData: { file, version } })
  const fail = (cause: unknown) =>
    reject(new AppError('database', 'The catalog of that time cannot be built', { cause }))
  worker.once('message', resolve)
  worker.once('error', fail)
  worker.once('exit', (code) => fail(new Error(`the thread ended with ${code}`)))
  return { bytes: promise, stop: () => worker.terminate() }
}
