import { Hidden, Icon } from '../icons.tsx'
import { update, useAppState } from '../store.ts'
import { MAX_COMPARED, toggled } from './chosen.ts'

interface CompareToggleProps {
  id: string
  /** With its words beside the icon. */
  isWide?: boolean
  tabIndex?: number
}

/** Puts a model among those to compare, or takes it out. */
export function CompareToggle({ id, isWide = false, tabIndex }: CompareToggleProps) {
  const { compare } = useAppState()
  const isChosen = compare.includes(id)
  const isFull = !isChosen && compare.length >= MAX_COMPARED
  const tip = isFull ? 'Six models are chosen already' : isChosen ? 'Chosen to compare' : 'Compare'
  return (
    <button
      type="button"
      class={`${isWide ? 'button small' : 'icon-button copy'} compare-toggle ${isChosen ? 'is-chosen' : ''}`}
      tabIndex={tabIndex}
      aria-pressed={isChosen}
      aria-disabled={isFull}
      data-tip={isWide && !isFull ? undefined : tip}
      onClick={() => update({ compare: toggled(compare, id) })}
    >
      <Icon name={isChosen ? 'done' : 'compare'} />
      {isWide ? 'Compare' : <Hidden>Compare</Hidden>}
    </button>
  )
}
