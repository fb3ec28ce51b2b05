/** How many answers each lookup remembers. */
const MAX_REMEMBERED = 10_000

/** Remembers values up to a size; what was not asked for in a while is forgotten. */
export interface BoundedCache<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  /** What all values take together. */
  size(): number
}

/** What a generation is held in. */
export interface Lookup<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  delete(key: Key): void
}

/**
 * `most` and what `sizeOf` tells have the same unit. A value is not set twice under one key, and one that takes more than half
 * of `most` is not kept.
 *
 * Two generations take half each: when the young one is full it becomes the old one, and what is not asked for until that
 * happens again is forgotten. To find a young value changes nothing, so that most hits cost one lookup and leave nothing to
 * collect: a map that is put in a new order by each hit lives long itself, and so do the tables and keys that it throws away.
 */
export function boundedCache<Key, Value>(
  most: number,
  sizeOf: (key: Key, value: Value) => number,
  newLookup: () => Lookup<Key, Value> = () => new Map(),
): BoundedCache<Key, Value> {
  let young = newLookup()
  let old = newLookup()
  let youngSize = 0
  let oldSize = 0
  const set = (key: Key, value: Value) => {
    const taken = sizeOf(key, value)
    if (taken > most / 2) return
    if (youngSize + taken > most / 2) {
      old = young
      oldSize = youngSize
      young = newLookup()
      youngSize = 0
    }
    young.set(key, value)
    youngSize += taken
  }
  return {
    get(key) {
      const value = young.get(key)
      if (value !== undefined) return value
      const older = old.get(key)
      if (older === undefined) return undefined
      old.delete(key)
      oldSize -= sizeOf(key, older)
      set(key, older)
      return older
    },
    set,
    size: () => youngSize + oldSize,
  }
}

/** A lookup that looks nothing up again that it told lately; it must have something to tell. */
export function remembered<T extends NonNullable<unknown>>(find: (text: string) => T): (text: string) => T {
  const answers = boundedCache<string, T>(MAX_REMEMBERED, () => 1)
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known
    const answer = find(text)
    answers.set(text, answer)
    return answer
  }
}
