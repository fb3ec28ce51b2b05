/**
 * Tells which ids a list of patterns names. `*` is any run of characters, slashes too. A pattern with a slash is held
 * against `provider/model_id`, one without against the provider's id. Letter case counts.
 */
export interface Patterns {
  provider(id: string): boolean
  model(id: string): boolean
  /** The patterns that named nothing so far. */
  idle(): string[]
}

export function patterns(list: readonly string[]): Patterns {
  const exact = new Set(list.filter((pattern) => !pattern.includes('*')))
  const wild = list.filter((pattern) => pattern.includes('*'))
  const wildModels = wild.filter((pattern) => pattern.includes('/')).map(wildcard)
  const wildProviders = wild.filter((pattern) => !pattern.includes('/')).map(wildcard)
  const met = new Set<string>()
  const isNamed = (id: string, among: readonly Wildcard[]) => {
    let isMet = exact.has(id)
    if (isMet) met.add(id)
    // All of them are asked, so that it is known which ones name nothing.
    for (const { pattern, fits } of among) {
      if (!fits(id)) continue
      isMet = true
      met.add(pattern)
    }
    return isMet
  }
  return {
    provider: (id) => isNamed(id, wildProviders),
    model: (id) => isNamed(id, wildModels),
    idle: () => list.filter((pattern) => !met.has(pattern)),
  }
}

export function wildcardCount(list: readonly string[]): number {
  return list.filter((pattern) => pattern.includes('*')).length
}

interface Wildcard {
  pattern: string
  fits(id: string): boolean
}

/** Looks for the pieces between the stars from left to right: no pattern takes longer than its length times the id's. */
function wildcard(pattern: string): Wildcard {
  const pieces = pattern.split('*')
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  const middle = pieces.slice(1, -1)
  return {
    pattern,
    fits(id) {
      if (id.length < first.length + last.length || !id.startsWith(first) || !id.endsWith(last)) return false
      let from = first.length
      for (const piece of middle) {
        const found = id.indexOf(piece, from)
        if (found === -1) return false
        from = found + piece.length
      }
      return from <= id.length - last.length
    },
  }
}
