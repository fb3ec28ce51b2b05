/**
 * A range that people set by two thumbs, from notch 0, which is no lower bound, by a notch for each stop, to the last one,
 * which is no upper bound.
 */
export interface Scale {
  /** In ascending order, in the unit of the service's filter. */
  stops: readonly number[]
  show: (value: number) => string
}

export function lastNotch({ stops }: Scale): number {
  return stops.length + 1
}

/** At which notch a value stands; between two stops by their ratio. */
export function notchOf(scale: Scale, value: number): number {
  const { stops } = scale
  const next = stops.findIndex((stop) => stop >= value)
  if (next < 0) return lastNotch(scale)
  const high = stops[next] ?? value
  const low = stops[next - 1]
  if (low === undefined) return value === high ? 1 : 0
  // From free on there is no ratio.
  return next + (low === 0 ? value / high : Math.log(value / low) / Math.log(high / low))
}

/** The bound that a notch stands for, as the filter takes it; '' for none. */
export function boundAt(scale: Scale, notch: number): string {
  return String(scale.stops[notch - 1] ?? '')
}
