import type { ComponentChildren } from 'preact'

interface ScrollerProps {
  label: string
  class: string
  isBusy?: boolean
  children: ComponentChildren
}

/** A part that scrolls by itself, and by the keyboard. */
export function Scroller({ label, class: name, isBusy = false, children }: ScrollerProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section class={name} tabIndex={0} aria-label={label} aria-busy={isBusy}>
      {children}
    </section>
  )
}
