import type { RowOf } from '../db/insert.ts'
import { isRecord } from '../source/schema.ts'
import { canonicalJson } from './canonical.ts'
import type { SetTable } from './rows.ts'

/** Puts the row of a set where it belongs. */
export type PutRow = <Table extends SetTable>(table: Table, row: RowOf<Table>) => void

/** A part of a model as the rows of a set. */
interface FoundSet {
  /** Null where there is nothing that rows could say. */
  id: number | null
  /** What the rows cannot give back, undefined for nothing. */
  left: unknown
}

type SetColumn = 'capabilities' | 'modalities' | 'limits' | 'costs' | 'reasoningOptions'
export type ModelSets = Record<SetColumn, (part: unknown) => FoundSet>

/** Finds the sets of models, one model after the other; the rows of a set are put once. */
export function modelSets(put: PutRow): ModelSets {
  return {
    capabilities: setFinder(put, splitCapabilities),
    modalities: setFinder(put, splitModalities),
    limits: setFinder(put, splitLimits),
    costs: setFinder(put, splitCosts),
    reasoningOptions: setFinder(put, splitReasoningOptions),
  }
}

/** Most values of a part that are remembered at a time: a large catalog has a set twice rather than all of them in memory. */
const MAX_REMEMBERED = 32_768

/** Gives equal parts of models the same set. `split` puts the rows of a new one and returns what they cannot give back. */
function setFinder(
  put: PutRow,
  split: (part: unknown, id: number, put: PutRow) => unknown,
): (part: unknown) => FoundSet {
  const known = new Map<string, FoundSet>()
  let last = 0
  return (part) => {
    const text = JSON.stringify(part)
    const held = known.get(text)
    if (held !== undefined) return held
    let id: number | null = null
    const left = split(part, last + 1, (table, row) => {
      id = last + 1
      put(table, row)
    })
    if (id !== null) last = id
    if (known.size === MAX_REMEMBERED) known.clear()
    const found = { id, left }
    known.set(text, found)
    return found
  }
}

function splitCapabilities(part: unknown, id: number, put: PutRow): unknown {
  return takeMembers(part, (capability, value) => {
    if (typeof value !== 'boolean' && !isRecord(value)) return false
    const detail = typeof value === 'object' ? canonicalJson(value) : null
    put('capabilitySet', { id, capability, supported: value !== false, detail })
    return true
  })
}

function splitModalities(part: unknown, id: number, put: PutRow): unknown {
  return takeMembers(part, (direction, listed) => {
    if ((direction !== 'input' && direction !== 'output') || !isListOfText(listed)) return false
    for (const [position, modality] of listed.entries()) {
      put('modalitySet', { id, direction, position, modality })
    }
    return true
  })
}

function splitLimits(part: unknown, id: number, put: PutRow): unknown {
  return takeMembers(part, (kind, tokens) => {
    if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens)) return false
    put('limitSet', { id, kind, tokens })
    return true
  })
}

function splitCosts(part: unknown, id: number, put: PutRow): unknown {
  return takeMembers(part, (kind, usdPerMtok) => {
    if (kind === 'tiers' && Array.isArray(usdPerMtok)) {
      const areWhole = usdPerMtok.map((tier, position) => splitTier(tier, position, id, put))
      return areWhole.length > 0 && areWhole.every((isWhole) => isWhole)
    }
    if (typeof usdPerMtok !== 'number') return false
    put('costSet', { id, kind, usdPerMtok })
    return true
  })
}

/** @returns whether the rows give the whole tier back */
function splitTier(tier: unknown, position: number, id: number, put: PutRow): boolean {
  if (!isRecord(tier)) return false
  const { tier: threshold, ...prices } = tier
  const { type, size, ...unknown } = isRecord(threshold) ? threshold : {}
  const hasType = typeof type === 'string' && isNameOfRow(type)
  const hasSize = typeof size === 'number' && Number.isSafeInteger(size)
  const kinds = Object.entries(prices)
  for (const [kind, usdPerMtok] of kinds) {
    if (typeof usdPerMtok !== 'number' || !isNameOfRow(kind)) continue
    put('costTierSet', {
      id,
      position,
      type: hasType ? type : null,
      size: hasSize ? size : null,
      kind,
      usdPerMtok,
    })
  }
  const isKnown = hasType && hasSize && Object.keys(unknown).length === 0
  return (
    (isKnown || threshold === undefined) &&
    kinds.length > 0 &&
    kinds.every(([kind, price]) => typeof price === 'number' && isNameOfRow(kind))
  )
}

function splitReasoningOptions(part: unknown, id: number, put: PutRow): unknown {
  if (!Array.isArray(part) || part.length === 0 || !part.every(isRecord)) return part
  for (const [position, option] of part.entries()) {
    const type = typeof option.type === 'string' ? option.type : null
    put('reasoningOptionSet', { id, position, type, option: canonicalJson(option) })
  }
  return undefined
}

/** Offers every member of an object; what is left, where an object sent empty is left as it is. */
function takeMembers(value: unknown, isTaken: (name: string, member: unknown) => boolean): unknown {
  if (!isRecord(value)) return value
  const names = Object.keys(value)
  const rest = names.filter((name) => !isNameOfRow(name) || !isTaken(name, value[name]))
  if (rest.length === 0 && names.length > 0) return undefined
  return Object.fromEntries(rest.map((name) => [name, value[name]]))
}

/** Whether a row gives a name back: SQLite keeps no half of a surrogate pair, and an object has no member of that name. */
function isNameOfRow(name: string): boolean {
  return name.isWellFormed() && name !== '__proto__'
}

export function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}
