import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { copyText } from '../copy-button.tsx'
import { usePrinting } from '../printing.ts'
import { RESULTS_ID } from '../search-box.tsx'
import type { State } from '../state.ts'
import { update } from '../store.ts'
import { COLUMNS, usualColumns } from './columns.tsx'
import { GridHead } from './grid-head.tsx'
import { markerOf } from './marker.ts'
import { PrintNote } from './print-note.tsx'
import { Row, rowId } from './row.tsx'
import { firstRows, type List, WINDOW_ROWS } from './row-loader.ts'
import { useViewport } from './use-viewport.ts'

/** In px; a row of a narrow screen has its figures in a second line. */
const ROW_HEIGHT = 52
const NARROW_ROW_HEIGHT = 78
const NARROW_WIDTH = 560
const MODEL_WIDTH = 232
/** In px: A4 within its margins. */
const SHEET_WIDTH = 688
/** How many rows are printed at most: some thirty sheets. */
const MAX_PRINTED = 1_000

interface GridProps {
  state: State
  /** Those to show where there is room, by their names. */
  columns: readonly string[]
  list: List
  isLoading: boolean
  want: (first: number, end: number) => void
}

/** Where the table was left for another view: Back leads there again. */
let left: { base: string; top: number; row: number } | undefined

/** The rows of a list, of which only those in view are drawn and fetched. */
export function Grid({ state, columns: chosen, list, isLoading, want }: GridProps) {
  const { total } = list
  const scrolled = useRef<HTMLDivElement>(null)
  const [isNarrow, setNarrow] = useState(false)
  const rowHeight = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT
  const { first, end, width } = useViewport(scrolled, rowHeight, total)
  const [chosenRow, setActive] = useState(0)
  // Another catalog may have fewer rows.
  const active = Math.min(chosenRow, total - 1)
  /** Tells those who listen what a key did. */
  const [said, setSaid] = useState('')
  const marker = useMemo(() => markerOf(state.filters.query), [state.filters.query])
  const shown = isNarrow ? usualColumns(0) : chosen
  const columns = useMemo(() => COLUMNS.filter(({ name }) => shown.includes(name)), [shown.join()])

  useLayoutEffect(() => setNarrow(width > 0 && width < NARROW_WIDTH), [width])
  const isPrinting = usePrinting()
  useEffect(() => {
    // On paper all of it is in view, and nothing is waited for.
    if (!isPrinting && end > first) want(first, end)
  }, [isPrinting, first, end, list.windows, want])
  const latestRow = useRef(active)
  latestRow.current = active
  // Another list begins at its top.
  useLayoutEffect(() => {
    const element = scrolled.current
    const { top, row } = left?.base === list.base ? left : { top: 0, row: 0 }
    element?.scrollTo(0, top)
    setActive(row)
    return () => {
      left = { base: list.base, top: element?.scrollTop ?? 0, row: latestRow.current }
    }
  }, [list.base])

  const entryAt = (index: number) => list.windows.get(Math.floor(index / WINDOW_ROWS))?.[index % WINDOW_ROWS]
  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(total - 1, index))
    setActive(next)
    if (scrolled.current !== null) reveal(scrolled.current, next, rowHeight)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scrolled.current?.clientHeight ?? 0) / rowHeight) - 1)
    const entry = entryAt(active)
    const moves: Record<string, () => void> = {
      ArrowDown: () => moveTo(active + 1),
      ArrowUp: () => (active === 0 ? document.getElementById('search')?.focus() : moveTo(active - 1)),
      PageDown: () => moveTo(active + page),
      PageUp: () => moveTo(active - page),
      Home: () => moveTo(0),
      End: () => moveTo(total - 1),
      Enter: () => entry && update({ model: entry.id }),
      c: () =>
        entry &&
        void copyText(entry.id).then((isDone) => setSaid(isDone ? `Copied ${entry.id}` : 'Could not copy')),
      Escape: () => document.getElementById('search')?.focus(),
    }
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    move()
  }

  const printable = Math.min(firstRows(list), MAX_PRINTED)
  const drawn = isPrinting ? range(0, printable) : range(first, end)
  // Where the keyboard is must be there to be named, in view or not.
  if (!isPrinting && !drawn.includes(active)) drawn.push(active)
  const template = [`minmax(${MODEL_WIDTH}px, 1fr)`, ...columns.map(({ width }) => `${width}px`)].join(' ')
  const minWidth = columns.reduce((sum, { width }) => sum + width, MODEL_WIDTH)
  return (
    <>
      <div
        ref={scrolled}
        id={RESULTS_ID}
        role="grid"
        tabIndex={0}
        class={`grid ${isNarrow ? 'is-narrow' : ''}`}
        aria-label="Models"
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
        aria-busy={isLoading}
        aria-activedescendant={rowId(active)}
        aria-describedby="grid-keys"
        style={{
          '--template': template,
          '--min-width': isNarrow ? '0' : `${minWidth}px`,
          '--print-zoom': isNarrow ? 1 : Math.min(1, SHEET_WIDTH / minWidth),
        }}
        onKeyDown={onKeyDown}
      >
        <GridHead columns={columns} sort={state.sort} />
        <div role="rowgroup" class="rows" style={{ '--height': `${total * rowHeight}px` }}>
          {drawn.map((index) => {
            const entry = entryAt(index)
            return (
              <Row
                key={index}
                index={index}
                top={index * rowHeight}
                entry={entry}
                columns={columns}
                marker={marker}
                isActive={index === active}
                isSelected={entry !== undefined && entry.id === state.model}
              />
            )
          })}
        </div>
      </div>
      <PrintNote printed={printable} list={list} />
      <span role="status" class="hidden">
        {said}
      </span>
      <span id="grid-keys" class="hidden">
        Arrows move, Enter opens a model, C copies its id.
      </span>
    </>
  )
}

function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, place) => first + place)
}

/** Scrolls no further than a row needs to be seen whole, below the head. */
function reveal(scrolled: HTMLElement, index: number, rowHeight: number): void {
  const head = scrolled.querySelector<HTMLElement>('.head')?.offsetHeight ?? 0
  const top = index * rowHeight
  if (top < scrolled.scrollTop) scrolled.scrollTop = top
  const bottom = top + rowHeight + head - scrolled.clientHeight
  if (bottom > scrolled.scrollTop) scrolled.scrollTop = bottom
}
