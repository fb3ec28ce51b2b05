import { z } from 'zod'
import { readPeriod } from '../catalog/dates.ts'
import { type Fault, fault, limitParameter, MALFORMED_DATE, parameter } from '../catalog/param-kinds.ts'
import { givenOf, type QueryPair, readParameters } from '../catalog/params.ts'
import { AppError } from '../errors.ts'
import { CHANGE_KINDS, type ChangeKind } from './undo.ts'

/** What a cursor hands over: the id of the change that comes next. */
const CURSOR = /^[1-9][0-9]{0,14}$/

/** The parameters of the list of changes, in the order in which their faults are reported. */
export const changesQuerySchema = z.object({
  since: parameter((text) => readPeriod(text)?.from ?? malformedDate()).meta({
    description: 'From this day or instant on.',
    examples: ['2026-09-01'],
  }),
  until: parameter((text) => readPeriod(text)?.to ?? malformedDate()).meta({
    description: 'Up to the end of this day, or this instant.',
    examples: ['2026-09-30'],
  }),
  provider: parameter((text) => text.toLowerCase()).meta({ description: 'A provider and its models.' }),
  model: parameter((text) => text.toLowerCase()).meta({
    description: 'A model id, with its provider or without; letter case does not count.',
  }),
  field: parameter((text) => text).meta({
    description: 'One field such as `status` or `cost.input`, or with `cost` all prices.',
  }),
  kind: parameter(readKind).meta({
    enum: [...CHANGE_KINDS],
    description: 'What happened: only this.',
    examples: ['removed'],
  }),
  limit: limitParameter('Most changes to return.'),
  cursor: parameter(readCursor).meta({ description: 'The `next_cursor` of the page before.' }),
})

/** A request for changes, read. Times are in ms since 1970, both ends included. */
export type ChangesQuery = z.infer<typeof changesQuerySchema>

const NAMES = changesQuerySchema.keyof().options

/**
 * Reads the parameters of a request for changes.
 * @throws AppError `validation` with all faults at once, or `invalid` for a time that ends before it begins
 */
export function parseChangesQuery(pairs: readonly QueryPair[]): ChangesQuery {
  const { given, unknown } = givenOf(pairs, NAMES)
  const query = readParameters(changesQuerySchema, given, [], unknown)
  if (query.since !== undefined && query.until !== undefined && query.since > query.until) {
    throw new AppError('invalid', `since (${given.since}) is after until (${given.until})`)
  }
  return query
}

/** A place in the list of changes, as text that says nothing. */
export function writeCursor(id: number): string {
  return Buffer.from(String(id)).toString('base64url')
}

function readKind(text: string): ChangeKind | Fault {
  const kind = CHANGE_KINDS.find((name) => name === text.toLowerCase())
  return kind ?? fault('string_pattern_mismatch', `must be one of ${CHANGE_KINDS.join(', ')}`)
}

function readCursor(text: string): number | Fault {
  const id = Buffer.from(text, 'base64url').toString('latin1')
  const isCursor = CURSOR.test(id) && writeCursor(Number(id)) === text
  return isCursor ? Number(id) : fault('string_pattern_mismatch', 'must be a cursor that an answer gave')
}

function malformedDate(): Fault {
  return fault('string_pattern_mismatch', MALFORMED_DATE)
}
