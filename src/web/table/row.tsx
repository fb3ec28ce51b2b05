import { useMemo } from 'preact/hooks'
import { CompareToggle } from '../compare/compare-toggle.tsx'
import { CopyButton } from '../copy-button.tsx'
import { StateLink } from '../state-link.tsx'
import { update } from '../store.ts'
import type { Entry } from '../wire.ts'
import type { Column } from './columns.tsx'
import { Marked } from './marked.tsx'
import type { Marker } from './marker.ts'

interface RowProps {
  /** Undefined while it is on its way. */
  entry: Entry | undefined
  index: number
  top: number
  columns: readonly Column[]
  marker: Marker
  /** Whether the keyboard is on it. */
  isActive: boolean
  isSelected: boolean
}

export function rowId(index: number): string {
  return `row-${index}`
}

export function Row({ entry, index, top, columns, marker, isActive, isSelected }: RowProps) {
  // The same elements again are passed over: scrolling draws only what comes into view.
  return useMemo(
    () => (
      // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on the grid does the same.
      <div
        id={rowId(index)}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={isSelected}
        class={rowClass(entry, isActive)}
        style={{ '--top': `${top}px` }}
        onClick={(event) => {
          const isOwn = event.target instanceof Element && event.target.closest('a, button') !== null
          if (entry !== undefined && !isOwn) update({ model: entry.id })
        }}
      >
        {entry === undefined ? (
          <div role="gridcell" class="cell waiting" aria-colindex={1}>
            …
          </div>
        ) : (
          <Cells entry={entry} columns={columns} marker={marker} />
        )}
      </div>
    ),
    [entry, index, top, columns, marker, isActive, isSelected],
  )
}

function Cells({ entry, columns, marker }: Pick<RowProps, 'columns' | 'marker'> & { entry: Entry }) {
  return (
    <>
      <div role="rowheader" class="cell model" aria-colindex={1}>
        <span class="name-line">
          <StateLink to={{ model: entry.id }} tabIndex={-1} class="name">
            <bdi>
              <Marked text={entry.name ?? entry.id} marker={marker} />
            </bdi>
          </StateLink>
          {entry.status !== null && (
            <span class={`status ${entry.status === 'deprecated' ? 'gone' : ''}`}>{entry.status}</span>
          )}
        </span>
        <span class="id-line">
          <bdi class="id">
            <Marked text={entry.id} marker={marker} />
          </bdi>
        </span>
        <span class="row-tools">
          <CopyButton text={entry.id} what="id" tabIndex={-1} />
          <CompareToggle id={entry.id} tabIndex={-1} />
        </span>
      </div>
      {columns.map(({ name, title, isNumber, cell }, place) => (
        <div
          key={name}
          role="gridcell"
          class={`cell column-${name} ${isNumber ? 'number' : ''}`}
          aria-colindex={place + 2}
          data-title={title}
        >
          {cell(entry)}
        </div>
      ))}
    </>
  )
}

function rowClass(entry: Entry | undefined, isActive: boolean): string {
  return `row ${isActive ? 'is-active' : ''} ${entry?.status === 'deprecated' ? 'is-deprecated' : ''}`
}
