import { count } from '../format.ts'
import { Hidden } from '../icons.tsx'

/** How many models a choice would show; nothing until that is known. */
export function ChoiceCount({ count: models }: { count: number | undefined }) {
  if (models === undefined) return null
  return (
    <span class="choice-count">
      {count(models)} <Hidden>models</Hidden>
    </span>
  )
}
