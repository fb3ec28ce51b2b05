import type { Config } from '../config.ts'
import { FETCH_LIMITS, type FetchLimits } from '../source/fetch.ts'

const BYTES_PER_MB = 1_000_000

export function fetchLimits({ fetchTimeout, fetchLimit }: Config): FetchLimits {
  return { ...FETCH_LIMITS, timeoutMs: fetchTimeout * 1000, maxBytes: fetchLimit * BYTES_PER_MB }
}
