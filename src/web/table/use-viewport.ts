import { useLayoutEffect, useState } from 'preact/hooks'

/** How many rows are drawn beyond what is seen, on either side. */
const SPARE_ROWS = 6

/** Rows from `first` on, up to and without `end`. */
export interface Range {
  first: number
  end: number
}

/** Which rows of a scrolled element are seen, with some to spare, and how wide it is in px. */
export function useViewport(
  element: { current: HTMLElement | null },
  rowHeight: number,
  total: number,
): Range & { width: number } {
  const [viewport, setViewport] = useState({ first: 0, end: 0, width: 0 })
  useLayoutEffect(() => {
    const scrolled = element.current
    if (scrolled === null) return
    const measure = () => {
      const { scrollTop, clientHeight, clientWidth: width } = scrolled
      const first = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE_ROWS)
      const end = Math.min(total, Math.ceil((scrollTop + clientHeight) / rowHeight) + SPARE_ROWS)
      setViewport((old) =>
        old.first === first && old.end === end && old.width === width ? old : { first, end, width },
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(scrolled)
    scrolled.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      scrolled.removeEventListener('scroll', measure)
    }
  }, [element, rowHeight, total])
  return viewport
}
