import type { RowOf } from '../db/insert.ts'
import { packed } from '../db/members.ts'
import { compareCodePoints, type Placed } from './order.ts'

/**
 * The orders that lists can be asked for, beside the standing one and that of numbers.
 * @param names what each entry is called, folded, in the order of `placed`
 */
export function entryOrders(placed: readonly Placed[], names: readonly string[]): RowOf<'entryOrder'>[] {
  const byTie = new Uint32Array(placed.length)
  const newest = new Uint32Array(placed.length)
  for (const [index, { tie, recency }] of placed.entries()) {
    byTie[tie] = index + 1
    newest[recency] = index + 1
  }
  const nameOf = (id: number) => names[id - 1] ?? ''
  // Sorting keeps those of one name in the order of ties.
  const byName = Array.from(byTie).sort((a, b) => compareCodePoints(nameOf(a), nameOf(b)))
  return [
    { name: 'id', ids: packed(byTie) },
    { name: 'name', ids: packed(byName) },
    { name: 'newest', ids: packed(newest) },
  ]
}
