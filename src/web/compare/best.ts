/** Which way a figure is the better one. */
export type Better = 'lower' | 'higher'

/** The places of the best figures: of known ones only, and of none where all that are known are the same. */
export function bestOf(figures: readonly (number | null | undefined)[], better: Better): ReadonlySet<number> {
  const known = figures.filter((figure) => typeof figure === 'number')
  const best = better === 'lower' ? Math.min(...known) : Math.max(...known)
  if (known.every((figure) => figure === best)) return new Set()
  return new Set(figures.keys().filter((place) => figures[place] === best))
}

/** Whether texts are not all the same. */
export function differ(texts: readonly string[]): boolean {
  return new Set(texts).size > 1
}
