import type { Catalog } from '../catalog/catalog.ts'
import type { CatalogSummary } from '../catalog/content.ts'
import { AppError } from '../errors.ts'
import type { DocumentName } from './documents.ts'
import type { MadeDocument } from './make-document.ts'

/** How often it is looked whether the catalog has changed, once a document was asked for; in ms. */
const LOOK_MS = 500
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
 * changes. What was asked for of one catalog is made of the next before anybody asks: that takes a second. Those longest
 * not asked for go first.
 */
export function keptDocuments(
  catalog: Pick<Catalog, 'summary'>,
  startMaking: (name: DocumentName) => Making,
): Documents {
  const kept = new Map<DocumentName, MadeDocument>()
  const underWay = new Map<DocumentName, Promise<MadeDocument>>()
  /** Since the catalog has last changed. */
  const asked = new Set<DocumentName>()
  let content: CatalogSummary | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  let looking: NodeJS.Timeout | undefined
  let stop: (() => Promise<unknown>) | undefined

  /** @returns what was asked for of the catalog before, where there is another one */
  const forgetOutlived = (): DocumentName[] => {
    // The same object as long as the content is the same, however often a refresh has found it so.
    const current = catalog.summary()
    if (current === content) return []
    kept.clear()
    underWay.clear()
    content = current
    const outlived = [...asked]
    asked.clear()
    return outlived
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

  const startTurn = (name: DocumentName): Promise<MadeDocument> => {
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
  }

  const makeAhead = (names: readonly DocumentName[]) => {
    // Where one cannot be made, whoever asks is told.
    for (const name of names) if (!underWay.has(name)) startTurn(name).catch(() => {})
  }
  const look = () => {
    try {
      makeAhead(forgetOutlived())
    } catch {
      // Whoever asks is told that the catalog cannot be read.
    }
  }

  return {
    async current(name) {
      const outlived = forgetOutlived()
      asked.add(name)
      looking ??= setInterval(look, LOOK_MS).unref()
      const found = kept.get(name)
      if (found !== undefined) {
        kept.delete(name)
        kept.set(name, found)
        return found
      }
      const turn = underWay.get(name) ?? startTurn(name)
      // After the one that is waited for.
      makeAhead(outlived)
      return turn
    },
    async close() {
      isClosed = true
      clearInterval(looking)
      await stop?.()
      await last
    },
  }
}

function sizeOf({ bodies }: MadeDocument): number {
  return Object.values(bodies).reduce((sum, { length }) => sum + length, 0)
}
