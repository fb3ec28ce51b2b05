import { residentBytes } from './processes.ts'

const SAMPLE_MS = 1_000
const TEN_MINUTES_MS = 600_000
/** What comes first is warming up: code is compiled, caches fill. A share of all samples. */
const WARM_UP_SHARE = 1 / 3

export interface Sample {
  ms: number
  bytes: number
}

/** What memory processes hold, from now on. */
export interface MemoryWatch {
  /** Of each that still runs. */
  growth(): Growth[]
  stop(): void
}

export interface Growth {
  name: string
  /** How long it was watched once it was warm. */
  minutes: number
  firstMb: number
  lastMb: number
  /** Of the straight line that fits best what came after warming up. */
  mbPerTenMinutes: number
}

export function watchMemory(pids: ReadonlyMap<string, number>): MemoryWatch {
  const samples = new Map([...pids.keys()].map((name): [string, Sample[]] => [name, []]))
  const timer = setInterval(() => {
    for (const [name, pid] of pids) {
      const bytes = residentBytes(pid)
      if (bytes === undefined) samples.delete(name)
      else samples.get(name)?.push({ ms: performance.now(), bytes })
    }
  }, SAMPLE_MS)
  return {
    growth: () => [...samples].map(([name, taken]) => growthOf(name, taken)),
    stop: () => clearInterval(timer),
  }
}

export function growthOf(name: string, samples: readonly Sample[]): Growth {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE))
  const [first, last] = [warm[0], warm.at(-1)]
  return {
    name,
    minutes: ((last?.ms ?? 0) - (first?.ms ?? 0)) / 60_000,
    firstMb: (first?.bytes ?? 0) / 1e6,
    lastMb: (last?.bytes ?? 0) / 1e6,
    mbPerTenMinutes: (slopeOf(warm) * TEN_MINUTES_MS) / 1e6,
  }
}

/** By least squares, in bytes a millisecond. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [ms, bytes] = [mean((sample) => sample.ms), mean((sample) => sample.bytes)]
  const spread = mean((sample) => (sample.ms - ms) ** 2)
  return spread === 0 ? 0 : mean((sample) => (sample.ms - ms) * (sample.bytes - bytes)) / spread
}
