import { useEffect, useState } from 'preact/hooks'
import { type Filters, readState, type State, writeState } from './state.ts'

/** The state of the page. It lives in the URL; this is its copy, read. */
let state = readState(location.search)
/** What was changed last, when going on with it is to make no further step for Back. */
let lastGesture: string | undefined
const listeners = new Set<() => void>()

addEventListener('popstate', () => {
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
 * Changes the state, and the URL with it.
 * @param gesture what is being done, where it comes in many small changes (typing, dragging): Back undoes all at once
 */
export function update(patch: Partial<State>, gesture?: string): void {
  const next = { ...state, ...patch }
  const url = writeState(next)
  if (url === writeState(state)) return
  if (gesture !== undefined && gesture === lastGesture) history.replaceState(null, '', url)
  else history.pushState(null, '', url)
  lastGesture = gesture
  take(next)
}

/** Changes filters, and leaves the others as they are. */
export function filter(patch: Partial<Filters>, gesture?: string): void {
  update({ filters: { ...state.filters, ...patch } }, gesture)
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
export function linkTo(patch: Partial<State>): string {
  return writeState({ ...state, ...patch })
}

function take(next: State): void {
  state = next
  for (const listener of listeners) listener()
}
