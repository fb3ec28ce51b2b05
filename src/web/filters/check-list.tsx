import { hasIcon, Icon } from '../icons.tsx'
import { ChoiceCount } from './choice-count.tsx'
import type { Choice } from './choice-list.tsx'

interface CheckListProps {
  title: string
  /** Several are all required; of `radio` one is chosen at most. */
  kind: 'checkbox' | 'radio'
  chosen: readonly string[]
  choices: readonly Choice[]
  onChange: (chosen: string[]) => void
}

/** A few to choose from, each with how many of the models have it that all other filters leave. */
export function CheckList({ title, kind, chosen, choices, onChange }: CheckListProps) {
  const toggle = (value: string) => {
    if (kind === 'radio') onChange(value === '' ? [] : [value])
    else onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value])
  }
  const all = kind === 'radio' ? [{ value: '', title: 'Any', count: undefined }, ...choices] : choices
  return (
    <fieldset class="filter">
      <legend>{title}</legend>
      {all.map(({ value, title: label, count: models }) => (
        <label key={value} class={`check ${models === 0 ? 'is-empty' : ''}`}>
          <input
            type={kind}
            name={kind === 'radio' ? title : undefined}
            checked={value === '' ? chosen.length === 0 : chosen.includes(value)}
            onChange={() => toggle(value)}
          />
          {hasIcon(value) && <Icon name={value} />}
          <bdi class="choice-title">{label}</bdi>
          <ChoiceCount count={models} />
        </label>
      ))}
    </fieldset>
  )
}
