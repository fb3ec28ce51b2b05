import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Hidden, Icon } from './icons.tsx'
import type { State } from './state.ts'
import { searchNow, searchSoon } from './store.ts'

/** The service takes no more. */
const MAX_QUERY_LENGTH = 256

/** Where the search hands the keyboard on to: what shows its results. */
export const RESULTS_ID = 'results'

export function SearchBox({ state }: { state: State }) {
  const { query } = state.filters
  const [text, setText] = useState(query)
  const input = useRef<HTMLInputElement>(null)

  // Back, a link or a suggestion changed what is searched for, or took back what was typed; else that is ahead of it by
  // blanks at most, as long as no key comes in between: not after the paint.
  useLayoutEffect(() => setText((typed) => (typed.trim() === query ? typed : query)), [state])
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const isShortcut = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
      const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !isTyping(event.target)
      // What stands before all else keeps the keyboard.
      if (!(isShortcut || isSlash) || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      input.current?.select()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])

  const search = (typed: string) => {
    setText(typed)
    searchSoon(typed.trim())
  }
  const clear = () => {
    search('')
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && text !== '') {
      event.preventDefault()
      search('')
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault()
      searchNow()
      document.getElementById(RESULTS_ID)?.focus()
    }
  }
  return (
    <search class="search">
      <Icon name="search" />
      <label class="hidden" for="search">
        Search models by name or id
      </label>
      <input
        ref={input}
        id="search"
        type="search"
        value={text}
        placeholder="Search models"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={MAX_QUERY_LENGTH}
        aria-keyshortcuts="/ Control+K"
        aria-describedby="search-keys"
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {text === '' ? (
        <span class="key" aria-hidden="true">
          /
        </span>
      ) : (
        <button type="button" class="icon-button" onClick={clear}>
          <Icon name="close" />
          <Hidden>Clear the search</Hidden>
        </button>
      )}
      <span id="search-keys" class="hidden">
        Arrow down leads to the results.
      </span>
    </search>
  )
}

/** Whether a key writes there: nothing does on a box to tick, or a thumb to drag. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  const writable = 'textarea, select, input:not([type=checkbox], [type=radio], [type=range])'
  return target.isContentEditable || target.matches(writable)
}
