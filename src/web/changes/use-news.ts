import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, RequestError } from '../api.ts'
import type { ChangeList, ModelList } from '../wire.ts'
import type { NewsKind } from './kinds.ts'
import { joined, type News, newsOfChanges, newsOfModels } from './news.ts'

/** Fewest news that are loaded at once, as long as there are more: most changes may be of another kind. */
const FEWEST_NEWS = 40

interface Page {
  news: readonly News[]
  /** What the path takes for what comes next; undefined at the end. */
  next: string | undefined
}

interface Loaded extends Page {
  kind: NewsKind
  path: string
}

interface AllNews {
  /** Undefined until the first of them have come. */
  news: readonly News[] | undefined
  hasMore: boolean
  isLoading: boolean
  error: RequestError | undefined
  more: () => void
}

/** The news of a kind, as far as they are loaded. */
export function useNews(kind: NewsKind, path: string): AllNews {
  const [loaded, setLoaded] = useState<Loaded>()
  const [isLoading, setLoading] = useState(true)
  const [error, setError] = useState<RequestError>()
  const underWay = useRef<AbortController>(undefined)

  const load = async (from: Loaded) => {
    underWay.current?.abort()
    const controller = new AbortController()
    const { signal } = controller
    underWay.current = controller
    setLoading(true)
    setError(undefined)
    try {
      const page = await loadOn(from, signal)
      if (!signal.aborted) setLoaded({ kind, path, ...page })
    } catch (failure) {
      if (signal.aborted) return
      if (!(failure instanceof RequestError)) throw failure
      setError(failure)
    }
    if (!signal.aborted) setLoading(false)
  }
  useEffect(() => {
    void load({ kind, path, news: [], next: '' })
    return () => underWay.current?.abort()
  }, [kind, path])

  const current = loaded?.kind === kind && loaded.path === path ? loaded : undefined
  return {
    news: current?.news,
    hasMore: current?.next !== undefined,
    isLoading,
    error,
    more: () => {
      if (current !== undefined && !isLoading) void load(current)
    },
  }
}

async function loadOn({ kind, path, news, next }: Loaded, signal: AbortSignal): Promise<Page> {
  let page: Page = { news, next }
  while (page.next !== undefined && page.news.length < news.length + FEWEST_NEWS) {
    const found = await loadPage(kind, path + page.next, page.news.length, signal)
    page = { news: joined(page.news, found.news), next: found.next }
  }
  return page
}

async function loadPage(kind: NewsKind, path: string, had: number, signal: AbortSignal): Promise<Page> {
  if (kind === 'new') {
    const { models, total } = (await ask<ModelList>(path, { signal })).body
    const end = had + models.length
    return {
      news: newsOfModels(models),
      next: models.length > 0 && end < total ? `&offset=${end}` : undefined,
    }
  }
  const { changes, next_cursor: cursor } = (await ask<ChangeList>(path, { signal })).body
  return { news: newsOfChanges(changes, kind), next: cursor === null ? undefined : `&cursor=${cursor}` }
}
