import { useEffect, useState } from 'preact/hooks'
import { type Filters, readState, type State, writeState } from './state.ts'

/** A change of the state: what it does not name stays as it is, filter by filter. */
export type Patch = Partial<Omit<State, 'filters'>> & { filters?: Partial<Filters> }

/** How long typing rests before the service is asked, in ms. */
const PAUSE_MS = 60

/** The state of the page. It lives in the URL; this is its copy, read. */
let state = readState(location.search)
/** What was changed last, when going on with it is to make no further step for Back. */
let lastGesture: string | undefined
/** The search that is typed and waits for typing to rest. */
let typed: { query: string; timer: ReturnType<typeof setTimeout> } | undefined
const listeners = new Set<() => void>()

addEventListener('popstate', () => {
  // Back undoes what is typed, too: a search for it would be a step from where Back leads.
  takeTyped()
  lastGesture = undefined
  take(readState(location.search))
})

/** The state, and again whenever it changes. */
export function useAppState(): State {
  const [current, setCurrent] = useState(state)
  useEffect(() => {
    const listener = () => setCurrent(state)
    listeners.add(listener)
    listener()
    return () => void listeners.delete(listener)
  }, [])
  return current
}

/**
 * Changes the state, and the URL with it. What is typed comes first: it is part of what is changed.
 * @param gesture what is being done, where it comes in many small changes (typing, dragging): Back undoes all at once
 */
export function update(patch: Patch, gesture?: string): void {
  searchNow()
  const next = patched(patch)
  const url = writeState(next)
  if (url === writeState(state)) return
  if (gesture !== undefined && gesture === lastGesture) history.replaceState(null, '', url)
  else history.pushState(null, '', url)
  lastGesture = gesture
  take(next)
}

/** Searches once typing rests, or as soon as anything else is changed. */
export function searchSoon(query: string): void {
  takeTyped()
  typed = { query, timer: setTimeout(searchNow, PAUSE_MS) }
}

/** Searches for what is typed, if that waits. */
export function searchNow(): void {
  const query = takeTyped()
  if (query !== undefined) filter({ query }, 'query')
}

function takeTyped(): string | undefined {
  const query = typed?.query
  clearTimeout(typed?.timer)
  typed = undefined
  return query
}

/** Changes filters, and leaves the others as they are. */
export function filter(patch: Partial<Filters>, gesture?: string): void {
  update({ filters: patch }, gesture)
}

/** Sets or, with undefined, unsets what a view keeps in the URL beside the filters. */
export function setOptions(patch: Record<string, string | undefined>, gesture?: string): void {
  const options: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...state.options, ...patch })) {
    if (value !== undefined) options[name] = value
  }
  update({ options }, gesture)
}

/** Where a link to a changed state leads. */
export function linkTo(patch: Patch): string {
  return writeState(patched(patch))
}

function patched(patch: Patch): State {
  return { ...state, ...patch, filters: { ...state.filters, ...patch.filters } }
}

function take(next: State): void {
  state = next
  for (const listener of listeners) listener()
}
