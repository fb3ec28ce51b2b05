import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, RequestError, versionOf } from '../api.ts'
import type { Ranking } from '../model-wire.ts'

/** How many models are asked for at once: the most that the service gives. */
const PAGE_ROWS = 100
/** How long typing rests before the service is asked, in ms. */
const PAUSE_MS = 120

interface Loaded extends Ranking {
  path: string
  /** The dataset that all of it is of. */
  version: string | null
}

interface Rows {
  /** The newest there is, of an earlier path while `isOld`; undefined until the first has come. */
  ranking: Ranking | undefined
  error: RequestError | undefined
  /** Whether another one is on its way. */
  isOld: boolean
  /** Asks for those that follow, where there are any. */
  more: () => void
}

/** What the models that match would cost, as far as it is loaded; undefined asks nothing. */
export function useRanking(path: string | undefined): Rows {
  const [loaded, setLoaded] = useState<Loaded>()
  const [failed, setFailed] = useState<{ path: string; error: RequestError }>()
  const underWay = useRef<AbortController>(undefined)

  const load = async (from: string, before: Loaded | undefined) => {
    underWay.current?.abort()
    const controller = new AbortController()
    const { signal } = controller
    underWay.current = controller
    try {
      const next = await loadOn(from, before, signal)
      if (!signal.aborted) setLoaded(next)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof RequestError)) throw error
      setFailed({ path: from, error })
    }
    if (!signal.aborted) underWay.current = undefined
  }
  useEffect(() => {
    if (path === undefined) return
    setFailed(undefined)
    // The first is asked for at once: nobody has typed yet.
    const timer = setTimeout(() => void load(path, undefined), loaded === undefined ? 0 : PAUSE_MS)
    return () => {
      clearTimeout(timer)
      underWay.current?.abort()
    }
  }, [path])

  const error = failed?.path === path ? failed?.error : undefined
  return {
    ranking: loaded,
    error,
    isOld: path !== undefined && loaded?.path !== path && error === undefined,
    more: () => {
      if (loaded?.path === path && path !== undefined && underWay.current === undefined)
        void load(path, loaded)
    },
  }
}

/** What is there and the page behind it; all anew where another catalog was loaded meanwhile. */
async function loadOn(path: string, before: Loaded | undefined, signal: AbortSignal): Promise<Loaded> {
  const had = before?.path === path ? before.results : []
  const answer = await ask<Ranking>(`${path}&limit=${PAGE_ROWS}&offset=${had.length}`, { signal })
  const version = versionOf(answer)
  if (had.length > 0 && version !== before?.version) return loadOn(path, undefined, signal)
  return { ...answer.body, results: [...had, ...answer.body.results], path, version }
}
