/** Bytes of a body, both ends included. */
export interface ByteRange {
  first: number
  last: number
}

const ONE_RANGE = /^bytes=\s*(\d*)-(\d*)\s*$/i

/**
 * What a `Range` header asks of a body of `size` bytes. Undefined is the whole of it, for headers that make no sense or
 * name several ranges too: RFC 9110 lets a server ignore those.
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = ONE_RANGE.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined
  if (from !== '' && to !== '' && Number(from) > Number(to)) return undefined
  // Without a beginning it is that many bytes from the end.
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first > last ? 'unsatisfiable' : { first, last }
}

const ENTITY_TAGS = /(W\/)?"[^"]*"/g

/** Strong comparison, as `If-Match` and `If-Range` want it: a tag with `W/` before it never fits. */
export function namesExactly(header: string, etag: string): boolean {
  return header.match(ENTITY_TAGS)?.includes(etag) ?? false
}
