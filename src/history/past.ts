import { type Catalog, type CatalogReader, openCatalogBytes } from '../catalog/catalog.ts'
import { AppError } from '../errors.ts'

/** Most that kept catalogs may take together, in bytes; the one asked for last is kept in any case. */
const MAX_KEPT_BYTES = 96 * 1024 * 1024
/** Most catalogs that are being built or wait for it. */
const MAX_BUILDS = 4

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

/** A past catalog being built, off this thread. */
interface Build {
  /** The bytes of its file. */
  result: Promise<Uint8Array>
  stop(): Promise<unknown>
}

interface Kept {
  catalog: CatalogReader & Pick<Catalog, 'close'>
  bytes: number
}

/**
 * Past catalogs, built one at a time and each once for all who ask. They are kept by version, which is a
 * hash of the content: they never go stale. Those longest not asked for go first.
 */
export function pastCatalogs(startBuild: (version: string) => Build): PastCatalogs {
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
    const started = startBuild(version)
    stop = started.stop
    const bytes = await started.result.catch((cause: unknown) => {
      throw new AppError('database', 'The catalog of that time cannot be built', { cause })
    })
    return keep(version, bytes)
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
