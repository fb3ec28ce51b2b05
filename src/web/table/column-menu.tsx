import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../icons.tsx'
import { update } from '../store.ts'
import { COLUMNS } from './columns.tsx'

interface ColumnMenuProps {
  /** By their names. */
  shown: readonly string[]
  /** Whether nobody chose them. */
  isUsual: boolean
}

/** Chooses which columns are shown. */
export function ColumnMenu({ shown, isUsual }: ColumnMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (event: Event) => {
      const isOutside = event.target instanceof Node && !menu.current?.contains(event.target)
      if (menu.current !== null && isOutside) menu.current.open = false
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('focusin', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('focusin', close)
    }
  }, [])
  const toggle = (name: string) => {
    const names = shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name]
    update({ columns: names })
  }
  return (
    <details
      ref={menu}
      class="menu column-menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || menu.current === null) return
        menu.current.open = false
        menu.current.querySelector('summary')?.focus()
      }}
    >
      <summary class="button">
        <Icon name="columns" /> Columns
      </summary>
      <fieldset class="menu-body">
        <legend class="hidden">Columns to show</legend>
        {COLUMNS.map(({ name, title, hint }) => (
          <label key={name} class="check">
            <input type="checkbox" checked={shown.includes(name)} onChange={() => toggle(name)} />
            {title === 'In → out' ? hint : title}
          </label>
        ))}
        {!isUsual && (
          <button type="button" class="link" onClick={() => update({ columns: undefined })}>
            The usual ones
          </button>
        )}
      </fieldset>
    </details>
  )
}
