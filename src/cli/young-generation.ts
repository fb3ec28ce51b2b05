import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * How far the young generation may grow, by one of its two halves, in bytes. What a request leaves behind is dead by the next
 * collection: with 1 MB, as V8 starts with, there are so many that a hot answer costs 5 to 9 % more; 16 MB, as V8 lets it grow to by
 * itself, take 45 MB and save no more than that (docs/decisions/029-collections.md).
 */
export const ENOUGH_BYTES = 4 * 1024 * 1024

/** How many requests apart its size is looked at, which takes some µs. It grows by what outlives some thousand of them. */
export const REQUESTS_A_LOOK = 256

const GROWS = '--semi-space-growth-factor=2'
const STAYS = '--semi-space-growth-factor=1'

/**
 * Makes the function to be called for each request, so that the young generation grows as long as it is small, also after V8 took
 * memory back from a service that was idle. No flag that bounds it can be set once a process runs.
 */
export function youngGenerationKeeper(): () => void {
  let requests = 0
  let said: string | undefined
  return () => {
    requests++
    if (requests % REQUESTS_A_LOOK !== 0) return
    // Each step doubles it.
    const flag = youngCapacity() <= ENOUGH_BYTES / 2 ? GROWS : STAYS
    if (flag !== said) setFlagsFromString(flag)
    said = flag
  }
}

/** How much fits into one half of the young generation, in bytes; pages have headers, so a little less than a power of two. */
function youngCapacity(): number {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return space === undefined ? ENOUGH_BYTES : space.space_used_size + space.space_available_size
}
