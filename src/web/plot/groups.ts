import type { Placed } from './points.ts'

export const COLOURINGS = ['provider', 'weights'] as const
export type Colouring = (typeof COLOURINGS)[number]

/** Points of one colour. */
export interface Group {
  label: string
  /** Its class in the style sheet; the last is grey. */
  colour: number
  placed: readonly Placed[]
}

/** How many providers have a colour of their own: more would not be told apart. */
const MOST_PROVIDERS = 6
const GREY = MOST_PROVIDERS

export function groupsOf(placed: readonly Placed[], colouring: Colouring): Group[] {
  const groups = colouring === 'provider' ? byProvider(placed) : byWeights(placed)
  return groups.filter((group) => group.placed.length > 0)
}

/** Those with the most points, and all the others. */
function byProvider(placed: readonly Placed[]): Group[] {
  const providers = [...Map.groupBy(placed, ({ point }) => point.provider)]
  providers.sort(([, one], [, other]) => other.length - one.length)
  const top = providers
    .slice(0, MOST_PROVIDERS)
    .map(([label, ofProvider], colour) => ({ label, colour, placed: ofProvider }))
  const others = providers.slice(MOST_PROVIDERS).flatMap(([, ofProvider]) => ofProvider)
  return [...top, { label: 'others', colour: GREY, placed: others }]
}

function byWeights(placed: readonly Placed[]): Group[] {
  const of = (isOpen: boolean | null) => placed.filter(({ point }) => point.isOpen === isOpen)
  return [
    { label: 'open weights', colour: 0, placed: of(true) },
    { label: 'closed weights', colour: 1, placed: of(false) },
    { label: 'weights unknown', colour: GREY, placed: of(null) },
  ]
}
