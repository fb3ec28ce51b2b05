import { AppError } from '../errors.ts'
import type { SetAside } from '../source/upstream.ts'

/** Most of what a source sends that may not parse, and most of the held models that it may have lost: shares. */
const MAX_INVALID_SHARE = 0.05
const MAX_LOST_SHARE = 0.5

/** Which of the refusals are overruled. */
export interface Guards {
  allowShrink: boolean
  allowInvalid: boolean
}

/** @throws AppError `bad_gateway` when too much of a source does not parse */
export function refuseInvalid(setAside: readonly SetAside[], models: number, { allowInvalid }: Guards): void {
  const lost = setAside.reduce((sum, entry) => sum + (entry.models ?? 1), 0)
  const sent = lost + models
  if (allowInvalid || lost <= sent * MAX_INVALID_SHARE) return
  throw new AppError(
    'bad_gateway',
    `${lost} of the source's ${sent} models do not parse, more than 5 %: --allow-invalid takes the rest`,
  )
}

/** @throws AppError `bad_gateway` when too many of the held models are missing from a source */
export function refuseShrunk(lost: number, held: number, models: number, { allowShrink }: Guards): void {
  if (allowShrink || lost <= held * MAX_LOST_SHARE) return
  throw new AppError(
    'bad_gateway',
    `the source has ${models} models and lacks ${lost} of the ${held} in the catalog, more than half: --allow-shrink takes it`,
  )
}
