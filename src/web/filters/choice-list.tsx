import { useState } from 'preact/hooks'
import { count } from '../format.ts'
import { ChoiceCount } from './choice-count.tsx'

/** How many are shown until more are asked for. */
const SHOWN_AT_FIRST = 7

export interface Choice {
  value: string
  title: string
  /** Undefined until it is known. */
  count: number | undefined
}

interface ChoiceListProps {
  title: string
  /** The one that is chosen; '' for none. */
  chosen: string
  choices: readonly Choice[]
  onChoose: (value: string) => void
}

/** One of many, to be searched: the most frequent first, the chosen one in front. */
export function ChoiceList({ title, chosen, choices, onChoose }: ChoiceListProps) {
  const [text, setText] = useState('')
  const [isWhole, setWhole] = useState(false)
  const sought = text.trim().toLowerCase()
  const found = choices
    .filter(({ value, title }) => `${value} ${title}`.toLowerCase().includes(sought))
    .sort((one, other) => Number(other.value === chosen) - Number(one.value === chosen))
  const shown = isWhole || sought !== '' ? found : found.slice(0, SHOWN_AT_FIRST)
  return (
    <fieldset class="filter">
      <legend>{title}</legend>
      <input
        type="search"
        class="input"
        value={text}
        placeholder={choices.length > 0 ? `Find among ${count(choices.length)}` : 'Find'}
        aria-label={`Find: ${title.toLowerCase()}`}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <ul class="choices">
        {shown.map((choice) => (
          <li key={choice.value}>
            <button
              type="button"
              class="choice"
              aria-pressed={choice.value === chosen}
              onClick={() => onChoose(choice.value === chosen ? '' : choice.value)}
            >
              <bdi class="choice-title">{choice.title}</bdi>
              <ChoiceCount count={choice.count} />
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && choices.length > 0 && <p class="note">None</p>}
      {sought === '' && found.length > SHOWN_AT_FIRST && (
        <button type="button" class="link" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${count(found.length)}`}
        </button>
      )}
    </fieldset>
  )
}
