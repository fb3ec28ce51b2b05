/** What one server took for one load, in one round or as the median of several. */
export interface Figures {
  cpuUsPerRequest: number
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** Resident memory once the load is over. */
  rssMb: number
}

export function medianFigures(rounds: readonly Figures[]): Figures {
  const of = (figure: keyof Figures) => median(rounds.map((round) => round[figure]))
  return {
    cpuUsPerRequest: of('cpuUsPerRequest'),
    requestsPerSecond: of('requestsPerSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    rssMb: of('rssMb'),
  }
}

/** The median of the rounds' own ratios: what slows a whole round down cancels out. */
export function medianRatio(over: readonly number[], under: readonly number[]): number {
  return median(over.map((value, round) => value / (under[round] ?? Number.NaN)))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(mean(values.map(Math.log)))
}

/** A share from 0 to 1 of ascending values. */
export function percentile(ascending: Float64Array, share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN
}
