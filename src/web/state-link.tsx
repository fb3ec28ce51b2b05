import type { ComponentChildren } from 'preact'
import { linkTo, type Patch, update, useAppState } from './store.ts'

interface StateLinkProps {
  /** What the link changes. */
  to: Patch
  children: ComponentChildren
  class?: string
  tabIndex?: number
  'aria-current'?: 'page' | undefined
}

/** A link to a changed state: followed in place, and a real one for a new tab or to be copied. */
export function StateLink({ to, children, ...attributes }: StateLinkProps) {
  // What else changes is part of the link, too, wherever nothing else is drawn anew.
  useAppState()
  const follow = (event: MouseEvent) => {
    if (!isPlain(event)) return
    event.preventDefault()
    update(to)
  }
  return (
    <a {...attributes} href={linkTo(to)} onClick={follow}>
      {children}
    </a>
  )
}

/** Whether a click asks for this page, not for a tab, window or download of its own. */
function isPlain({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey
}
