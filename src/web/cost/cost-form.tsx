import { useLayoutEffect, useState } from 'preact/hooks'
import { count } from '../format.ts'
import { setOptions } from '../store.ts'
import { countOf, optionOf, type Usage, type UsageName } from './usage.ts'

const FIELDS: readonly { name: UsageName; title: string; hint: string }[] = [
  { name: 'input', title: 'Tokens in', hint: 'per request' },
  { name: 'cached', title: 'Cached tokens in', hint: 'on top' },
  { name: 'output', title: 'Tokens out', hint: 'per request' },
  { name: 'requests', title: 'Requests', hint: 'per month' },
]

/** Between digits. A point is none: some write the hundredth of a number behind it. */
const SEPARATORS = /[\s,_']/g
/** Of the largest number, its separators included. */
const MAX_LENGTH = 17

/** What one request is like, and how many there are. */
export function CostForm({ usage }: { usage: Usage }) {
  return (
    <form class="cost-form" aria-label="Usage" onSubmit={(event) => event.preventDefault()}>
      {FIELDS.map((field) => (
        <UsageField key={field.name} {...field} value={usage[field.name]} />
      ))}
    </form>
  )
}

interface UsageFieldProps {
  name: UsageName
  title: string
  hint: string
  value: number
}

function UsageField({ name, title, hint, value }: UsageFieldProps) {
  const [text, setText] = useState(String(value))
  const [isTyping, setTyping] = useState(false)
  const number = text === '' ? 0 : countOf(text)
  // Back or a link changed it. Before another key comes: that would be lost.
  useLayoutEffect(() => {
    setText((typed) => ((typed === '' ? 0 : countOf(typed)) === value ? typed : String(value)))
  }, [value])
  const change = (typed: string) => {
    setText(typed)
    const typedNumber = typed === '' ? 0 : countOf(typed)
    if (typedNumber !== undefined) setOptions({ [optionOf(name)]: String(typedNumber) }, optionOf(name))
  }
  return (
    <label class="field">
      <span>
        {title} <span class="muted field-hint">{hint}</span>
      </span>
      <input
        class="number"
        inputMode="numeric"
        autocomplete="off"
        maxLength={MAX_LENGTH}
        value={isTyping || number === undefined ? text : count(number)}
        aria-invalid={number === undefined}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onInput={(event) => change(event.currentTarget.value.replace(SEPARATORS, ''))}
      />
    </label>
  )
}
