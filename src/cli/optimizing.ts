import { setFlagsFromString } from 'node:v8'

/**
 * V8 would optimize in two steps, the second once a function was called 3,000 times, which suits programs that end before. What a
 * request calls is called by all that follow: so it is optimized at once, and soon (docs/decisions/028-optimizing.md).
 */
const FLAGS = [
  '--no-maglev',
  '--invocation-count-for-turbofan=100',
  '--minimum-invocations-after-ic-update=100',
]

/** For a process that has started: a start calls much that often, and never again. */
export function optimizeSoon(): void {
  for (const flag of FLAGS) setFlagsFromString(flag)
}
