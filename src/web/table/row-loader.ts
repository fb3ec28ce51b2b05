import { type Answer, ask, askAhead, RequestError, versionOf } from '../api.ts'
import { filterParams, type State } from '../state.ts'
import type { Entry, ModelList } from '../wire.ts'

/** How many rows are asked for at once: the most that the service gives. */
export const WINDOW_ROWS = 100

/** What is known of a list so far. */
export interface List {
  /** The request it answers, without its offset. */
  base: string
  /** The dataset that all of its rows are of. */
  version: string | null
  total: number
  /** Rows, by the number of their window. */
  windows: ReadonlyMap<number, readonly Entry[]>
  /** What to ask instead, where nothing matches. */
  suggestions: readonly string[]
  /** Why there are none. */
  error: RequestError | undefined
}

export interface RowLoader {
  /** Fetches the windows that hold these rows and are not there yet; lets go of others that are on their way. */
  want(first: number, end: number): void
  stop(): void
}

/** The request for the list of a state, without its offset. */
export function listBase({ filters, sort }: State): string {
  const params = filterParams(filters)
  if (sort !== 'relevance') params.set('sort', sort)
  return String(params)
}

/** Asks for the first rows of a state while the page is still being made. */
export function askAheadForRows(state: State): void {
  if (state.view === 'table') askAhead(windowPath(listBase(state), 0))
}

function windowPath(base: string, number: number): string {
  return `models?${base}&limit=${WINDOW_ROWS}&offset=${number * WINDOW_ROWS}`
}

/** Loads a list window by window. `onChange` gets it each time more is known, from the first answer on. */
export function loadRows(base: string, onChange: (list: List) => void): RowLoader {
  let list: List = { base, version: null, total: 0, windows: new Map(), suggestions: [], error: undefined }
  let wanted: number[] = []
  const underWay = new Map<number, AbortController>()

  const publish = (next: Partial<List>) => {
    list = { ...list, ...next }
    onChange(list)
  }
  const take = (number: number, answer: Answer<ModelList>) => {
    const { models, total } = answer.body
    const version = versionOf(answer)
    // Another catalog was loaded meanwhile: rows of two would not fit together.
    const isOther = list.version !== null && version !== list.version
    const windows = new Map(isOther ? [] : list.windows).set(number, models)
    publish({ version, total, windows, suggestions: suggestionsOf(answer.headers), error: undefined })
    if (isOther) fetchMissing()
  }
  const fetchWindow = async (number: number, { signal }: AbortController) => {
    try {
      const answer = await ask<ModelList>(windowPath(base, number), { signal })
      underWay.delete(number)
      if (!signal.aborted) take(number, answer)
    } catch (error) {
      if (signal.aborted) return
      underWay.delete(number)
      if (!(error instanceof RequestError)) throw error
      publish({ total: 0, windows: new Map(), error })
    }
  }
  const fetchMissing = () => {
    for (const number of wanted) {
      if (list.windows.has(number) || underWay.has(number)) continue
      const controller = new AbortController()
      underWay.set(number, controller)
      void fetchWindow(number, controller)
    }
  }
  const letGo = (isKept: (number: number) => boolean) => {
    for (const [number, controller] of underWay) {
      if (isKept(number)) continue
      underWay.delete(number)
      controller.abort()
    }
  }
  return {
    want(first, end) {
      const from = Math.floor(first / WINDOW_ROWS)
      const to = Math.floor(Math.max(first, end - 1) / WINDOW_ROWS)
      wanted = Array.from({ length: to - from + 1 }, (_, index) => from + index)
      letGo((number) => wanted.includes(number))
      fetchMissing()
    },
    stop: () => letGo(() => false),
  }
}

/** How many rows are there from the first one on. */
export function firstRows({ windows, total }: List): number {
  let number = 0
  while (windows.has(number)) number++
  return Math.min(total, number * WINDOW_ROWS)
}

function suggestionsOf(headers: Headers): string[] {
  const header = headers.get('X-Did-You-Mean') ?? ''
  return header.split(',').flatMap((item) => (item.trim() === '' ? [] : [decodeURIComponent(item.trim())]))
}
