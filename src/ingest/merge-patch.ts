import { isRecord } from '../source/schema.ts'
import type { Json } from './rows.ts'

/** A value with a JSON Merge Patch (RFC 7396) applied: objects member by member, all else whole, null removes. */
export function patched(value: unknown, patch: Json): Json {
  const members = new Map(isRecord(value) ? Object.entries(value) : [])
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) members.delete(key)
    else members.set(key, isRecord(part) ? patched(members.get(key), part) : part)
  }
  return Object.fromEntries(members)
}

/** The fields of an object by dotted name: all that is no object with members, lists whole. */
export function fieldsOf(object: Json, prefix = ''): [field: string, value: unknown][] {
  return Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    const field = prefix + key
    return isRecord(value) && Object.keys(value).length > 0 ? fieldsOf(value, `${field}.`) : [[field, value]]
  })
}

/** The fields of an object by dotted name, and the objects that they stand in. */
export function allFieldsOf(object: Json, prefix = ''): [field: string, value: unknown][] {
  return Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    const field = prefix + key
    return [[field, value], ...(isRecord(value) ? allFieldsOf(value, `${field}.`) : [])]
  })
}
