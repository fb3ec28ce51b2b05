/** Remembers values up to a size; those longest not asked for are forgotten first. */
export interface BoundedCache<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
}

/** `most` and what `sizeOf` tells have the same unit. A value is not set twice under one key. */
export function boundedCache<Key, Value>(
  most: number,
  sizeOf: (key: Key, value: Value) => number,
): BoundedCache<Key, Value> {
  const kept = new Map<Key, Value>()
  let size = 0
  return {
    get(key) {
      const value = kept.get(key)
      if (value === undefined) return undefined
      kept.delete(key)
      kept.set(key, value)
      return value
    },
    set(key, value) {
      kept.set(key, value)
      size += sizeOf(key, value)
      if (size <= most) return
      for (const [oldest, old] of kept) {
        kept.delete(oldest)
        size -= sizeOf(oldest, old)
        if (size <= most) return
      }
    },
  }
}
