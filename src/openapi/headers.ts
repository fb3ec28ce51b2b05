/** The headers that answers may carry. `required`: wherever an answer lists it, it is there. */
const HEADERS = {
  ETag: { required: true, description: 'A strong hash of the body, for `If-None-Match`.' },
  'Cache-Control': { required: true, description: 'Whether and how long it may be kept.' },
  Vary: { required: true, description: 'Which headers of a request the answer depends on.' },
  'X-Dataset-Version': { required: true, description: 'A hash of the loaded content.' },
  'X-Dataset-Date': { required: false, description: 'With `at`: from when on the catalog held.' },
  'X-Did-You-Mean': {
    required: false,
    description:
      'Where nothing matches: up to three queries that do, percent-encoded, with commas, the likeliest first.',
  },
  Link: { required: false, description: 'Other pages of the list: `first`, `prev`, `next`, `last`.' },
  'X-Request-Id': {
    required: true,
    description: 'The one that was sent, if it is a sane one, else a new one.',
  },
  'WWW-Authenticate': { required: true, description: '`Bearer`.' },
  'Retry-After': { required: true, description: 'When to ask again, in seconds.' },
  Upgrade: { required: true, description: 'The oldest client that is answered.' },
  RateLimit: { required: false, description: 'What is left of the minute, unless there is no limit.' },
  'RateLimit-Policy': { required: false, description: 'How many requests a minute may have.' },
  'Accept-Ranges': { required: true, description: '`bytes`.' },
  'Content-Range': { required: true, description: 'Which bytes of how many these are.' },
  'Content-Disposition': { required: true, description: 'What to call the file.' },
  'Repr-Digest': { required: true, description: 'The SHA-256 of the whole file (RFC 9530).' },
} as const

export type HeaderName = keyof typeof HEADERS

/** Stand on every answer that the pipeline gives. */
export const ON_EVERY_ANSWER: readonly HeaderName[] = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy']

export function headerComponents(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(HEADERS).map(([name, { required, description }]) => [
      name,
      { description, required, schema: { type: 'string' } },
    ]),
  )
}

export function headerReferences(names: readonly HeaderName[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
