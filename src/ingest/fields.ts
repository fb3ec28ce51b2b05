import { isRecord } from '../source/schema.ts'
import { canonicalJson } from './canonical.ts'
import type { Json } from './rows.ts'

/** A field that differs: its path, and its value on both sides; undefined where it is not there. */
export interface FieldChange {
  /** A name, or two with a dot between: `status`, `cost.input`. */
  field: string
  before: unknown
  after: unknown
}

/**
 * What tells two objects apart. Members of an object stand by themselves, one level deep; what is deeper, and lists, are
 * one value. An empty object is a value too: undoing tells it from none.
 */
export function fieldChanges(before: Json, after: Json): FieldChange[] {
  return memberChanges(before, after).flatMap(({ field, before: old, after: now }) => {
    if (!isOpen(old) || !isOpen(now)) return [{ field, before: old, after: now }]
    return memberChanges(old ?? {}, now ?? {}).map((change) => ({
      ...change,
      field: `${field}.${change.field}`,
    }))
  })
}

/** Gives an object the value that a field had, undefined for none. */
export function undoField(object: Json, field: string, before: unknown): void {
  const [name = '', member] = field.split('.').map(unescaped)
  if (member === undefined) {
    setMember(object, name, before)
    return
  }
  const held = memberOf(object, name)
  const parent = isRecord(held) ? held : {}
  setMember(parent, member, before)
  setMember(object, name, Object.keys(parent).length > 0 ? parent : undefined)
}

function memberChanges(before: Json, after: Json): FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].sort().flatMap((name) => {
    const [old, now] = [memberOf(before, name), memberOf(after, name)]
    return isSame(old, now) ? [] : [{ field: escaped(name), before: old, after: now }]
  })
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  return typeof a === 'object' && typeof b === 'object' && canonicalJson(a) === canonicalJson(b)
}

/** Whether a value can be told by its members alone. */
function isOpen(value: unknown): value is Json | undefined {
  return value === undefined || (isRecord(value) && Object.keys(value).length > 0)
}

function memberOf(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** An assignment to `__proto__` would set no member. */
function setMember(object: Json, name: string, value: unknown): void {
  if (value === undefined) delete object[name]
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true })
}

/** What no name in a path may hold: the path's own signs, and halves of surrogate pairs, which SQLite does not keep. */
const UNWRITABLE = /[.~\p{Surrogate}]/gu
const ESCAPE = /~(?:0|1|u([0-9a-f]{4}))/g

function escaped(name: string): string {
  return name.replace(UNWRITABLE, (sign) => {
    if (sign === '~') return '~0'
    return sign === '.' ? '~1' : `~u${sign.charCodeAt(0).toString(16)}`
  })
}

function unescaped(name: string): string {
  return name.replace(ESCAPE, (sign, half?: string) => {
    if (half !== undefined) return String.fromCharCode(Number.parseInt(half, 16))
    return sign === '~0' ? '~' : '.'
  })
}
