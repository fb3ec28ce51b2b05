import { useEffect, useState } from 'preact/hooks'

/**
 * Whether the page is being printed. Style sheets know that by themselves; what is drawn by script, and what a screen
 * needs only a part of, has to be told.
 */
let isPrinting = false
const listeners = new Set<() => void>()

export function installPrinting(): void {
  const become = (next: boolean) => {
    if (isPrinting === next) return
    isPrinting = next
    // Before the browser takes the styles of paper: colours that are read now are those of paper.
    document.documentElement.classList.toggle('is-printing', next)
    for (const listener of listeners) listener()
  }
  addEventListener('beforeprint', () => become(true))
  addEventListener('afterprint', () => become(false))
  matchMedia('print').addEventListener('change', ({ matches }) => become(matches))
}

export function onPrinting(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function usePrinting(): boolean {
  const [is, setIs] = useState(isPrinting)
  useEffect(() => onPrinting(() => setIs(isPrinting)), [])
  return is
}
