import type { Catalog } from '../catalog/catalog.ts'
import type { CatalogSummary } from '../catalog/content.ts'
import { AppError } from '../errors.ts'
import type { DocumentName } from './documents.ts'
import type { MadeDocument } from './make-document.ts'

/** Most that kept documents may take together, in bytes of all codings; the one made last is kept in any case. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024

export interface Documents {
  /**
   * A document of what is served.
   * @throws AppError `database`, or `internal` when it cannot be made
   */
  current(name: DocumentName): Promise<MadeDocument>
  close(): Promise<void>
}

/** A document being made, off this thread. */
interface Making {
  result: Promise<MadeDocument>
  stop(): Promise<unknown>
}

/**
 * Documents, made when they are first asked for, one at a time and each once for all who ask, and kept until the catalog
 * changes. Those longest not asked for go first.
 */
export function keptDocuments(
  catalog: Pick<Catalog, 'summary'>,
  startMaking: (name: DocumentName) => Making,
): Documents {
  const kept = new Map<DocumentName, MadeDocument>()
  const underWay = new Map<DocumentName, Promise<MadeDocument>>()
  let content: CatalogSummary | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  let stop: (() => Promise<unknown>) | undefined

  const forgetOutlived = () => {
    // The same object as long as the content is the same, however often a refresh has found it so.
    const current = catalog.summary()
    if (current === content) return
    kept.clear()
    underWay.clear()
    content = current
  }

  const make = async (name: DocumentName): Promise<MadeDocument> => {
    if (isClosed) throw new AppError('internal', 'The server is stopping')
    const making = startMaking(name)
    stop = making.stop
    return making.result.catch((cause: unknown) => {
      throw new AppError('internal', `The document ${name} cannot be made`, { cause })
    })
  }

  const keep = (name: DocumentName, made: MadeDocument) => {
    kept.set(name, made)
    let total = kept.values().reduce((sum, document) => sum + sizeOf(document), 0)
    for (const [oldest, old] of kept) {
      if (total <= MAX_KEPT_BYTES || oldest === name) break
      kept.delete(oldest)
      total -= sizeOf(old)
    }
  }

  return {
    async current(name) {
      forgetOutlived()
      const found = kept.get(name)
      if (found !== undefined) {
        kept.delete(name)
        kept.set(name, found)
        return found
      }
      const joined = underWay.get(name)
      if (joined !== undefined) return joined
      const turn = last.then(() => make(name))
      underWay.set(name, turn)
      const done = (made?: MadeDocument) => {
        // Else the catalog has changed meanwhile, and what was made is for those alone who asked before.
        if (underWay.get(name) !== turn) return
        underWay.delete(name)
        if (made !== undefined) keep(name, made)
      }
      last = turn.then(done, () => done())
      return turn
    },
    async close() {
      isClosed = true
      await stop?.()
      await last
    },
  }
}

function sizeOf({ bodies }: MadeDocument): number {
  return Object.values(bodies).reduce((sum, { length }) => sum + length, 0)
}
