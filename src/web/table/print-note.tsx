import { count, plural } from '../format.ts'
import type { List } from './row-loader.ts'

/** On paper: how many rows are not on it, and where they are. */
export function PrintNote({ printed, list: { base, total } }: { printed: number; list: List }) {
  if (printed === total) return null
  const csv = new URL(`api/v1/inference/models?${base}${base === '' ? '' : '&'}format=csv`, document.baseURI)
  return (
    <p class="print-note">
      The first {count(printed)} of {plural(total, 'model')}. Scrolling down the table brings more onto paper;
      all of them are at {csv.href}
    </p>
  )
}
