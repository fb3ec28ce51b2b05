import type { VNode } from 'preact'
import type { Marker } from './marker.ts'

/** A text with what was found in it marked. */
export function Marked({ text, marker }: { text: string; marker: Marker }) {
  if (marker === undefined) return <>{text}</>
  const parts: (string | VNode)[] = []
  let end = 0
  for (const { index, 0: found } of text.matchAll(marker)) {
    if (found === '') continue
    parts.push(text.slice(end, index), <mark key={index}>{found}</mark>)
    end = index + found.length
  }
  return <>{[...parts, text.slice(end)]}</>
}
