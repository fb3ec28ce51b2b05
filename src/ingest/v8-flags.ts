import { setFlagsFromString } from 'node:v8'

/** What V8 is told while an ingest works, and what afterwards; docs/decisions/028-optimizing.md tells what that saves. */
interface Flags {
  before: readonly string[]
  after: readonly string[]
}

/**
 * The young generation stays as it is. It would grow to half of what the real catalog takes, for no time that is gained. That is not
 * taken back: a service that fills its own file lets it grow once it serves (src/cli/young-generation.ts).
 */
const KEEP_YOUNG = '--semi-space-growth-factor=1'

/** A source that is held whole is loaded before what TurboFan compiles for it has paid; Maglev's code is nearly as good. */
const SHORT: Flags = { before: [KEEP_YOUNG, '--no-opt'], after: ['--opt'] }

/**
 * Of a large catalog more and more lives, and little of it dies again: its heap may be three tenths larger than what lives, where
 * V8 allows up to three times that.
 */
const LARGE: Flags = {
  before: [KEEP_YOUNG, '--heap-growing-percent=30'],
  after: ['--heap-growing-percent=0'],
}

/** Does an ingest's work, which holds the thread up to its end. */
export function withFlags<T>(isLarge: boolean, work: () => T): T {
  const { before, after } = isLarge ? LARGE : SHORT
  for (const flag of before) setFlagsFromString(flag)
  try {
    return work()
  } finally {
    for (const flag of after) setFlagsFromString(flag)
  }
}
