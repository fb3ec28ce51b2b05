import { type Random, randomFrom } from '../../../bench/random.ts'
import { brokenBytes } from './broken.ts'
import type { Arms, Route } from './routes.ts'
import { hostileJson, hostileText, inHeader, inUrl } from './values.ts'

/** A request as it goes over the wire. */
export interface HostileRequest {
  bytes: Buffer
  /** What a server can read in one way alone; undefined: it may be no HTTP at all. */
  sound?: { method: string; url: string }
}

/** How often a whole statement is sent, of all bodies for SQL: each takes a process. */
const STATEMENTS_SHARE = 0.03
const BROKEN_SHARE = 0.2
/** Sets the seeds of neighbours far apart. */
const GOLDEN = 0x9e3779b1

/** Request number `number` of a run: the same for the same seed, whatever was sent before. */
export function hostileRequest(seed: number, number: number, arms: Arms): HostileRequest {
  const random = randomFrom(Math.imul(seed ^ Math.imul(number + 1, GOLDEN), GOLDEN))
  if (random.chance(BROKEN_SHARE)) return { bytes: brokenBytes(random, arms) }
  const route = random.pick(arms.routes)
  const method = random.chance(0.9) ? route.method : random.pick(METHODS)
  const url = urlOf(random, route, arms)
  const isWithBody = route.takesBody ? random.chance(0.95) : random.chance(0.03)
  const body = isWithBody ? bodyOf(random, route) : undefined
  const lines = headersOf(random, arms.token, body)
  const head = `${method} ${url} HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`
  return {
    bytes: Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]),
    sound: { method, url },
  }
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'M-SEARCH',
]

function urlOf(random: Random, { path, parameters }: Route, { ids }: Arms): string {
  const filled = path.replaceAll(/\{\w+\}/g, () =>
    random.chance(0.4) ? random.pick(ids) : inUrl(random, hostileText(random)),
  )
  const climbs = ['/..', '/%2e%2e', '//', '/.', ';a', '/%2f', '%00', '/%5c..', '%3f']
  const shown = random.chance(0.1) ? filled + random.pick(climbs) + random.pick(['', '/etc/passwd']) : filled
  const count = random.chance(0.02) ? 90 + random.int(30) : random.int(4)
  const pairs = Array.from({ length: count }, () => pairOf(random, parameters))
  return pairs.length === 0 ? shown : `${shown}?${pairs.join('&')}`
}

function pairOf(random: Random, parameters: readonly string[]): string {
  const isKnown = parameters.length > 0 && random.chance(0.85)
  const name = isKnown ? random.pick(parameters) : inUrl(random, hostileText(random))
  const spelt = random.chance(0.05) ? `${name}[]` : name
  if (random.chance(0.03)) return spelt
  return `${spelt}=${random.chance(0.1) ? String(random.int(200)) : inUrl(random, hostileText(random))}`
}

function bodyOf(random: Random, { path }: Route): Buffer {
  const shape = random.int(12)
  if (shape === 0) return Buffer.from(hostileText(random))
  if (shape === 1) return Buffer.from(JSON.stringify(hostileJson(random)).slice(0, -1))
  if (shape === 2) return Buffer.from('['.repeat(1 + random.int(30_000)))
  if (shape === 3) return Buffer.from(`{"a":${'{"a":'.repeat(200)}1${'}'.repeat(201)}`)
  if (shape === 4)
    return Buffer.from(`{"__proto__":{"a":1},"a":1,"a":${JSON.stringify(hostileJson(random))}}`)
  if (shape === 5) return Buffer.from(`"${'x'.repeat(random.int(70_000))}"`)
  if (shape === 6) return Buffer.from(hostileText(random), 'utf16le')
  return Buffer.from(JSON.stringify(messageOf(random, path)))
}

/** What a route expects, but for what is hostile in it. */
function messageOf(random: Random, path: string): unknown {
  const some = () => hostileJson(random)
  const text = () => hostileText(random)
  if (path.endsWith('/sql')) {
    if (random.chance(STATEMENTS_SHARE)) return { sql: random.pick(STATEMENTS), params: [text()] }
    return { sql: some(), [random.pick(['params', 'limit', 'db', text()])]: some(), limit: -1 }
  }
  if (path.endsWith('/estimate')) {
    return {
      [random.pick(['requests', 'estimates', text()])]: [
        { id: text(), input_tokens: some(), [text()]: some() },
      ],
      ...(random.chance(0.5) && { id: text(), output_tokens: some() }),
    }
  }
  const method = random.pick(['initialize', 'ping', 'tools/list', 'tools/call', 'resources/read', text()])
  const name = random.pick(['search_models', 'get_model', 'compare_models', 'estimate_cost', text()])
  return {
    jsonrpc: random.pick(['2.0', '1.0', text()]),
    id: random.pick([1, 'a', null, some()]),
    method,
    params: random.pick([
      { name, arguments: { query: text(), id: text(), ids: some(), limit: some() } },
      some(),
    ]),
  }
}

const STATEMENTS = [
  'SELECT ?',
  'SELECT * FROM sqlite_master',
  "ATTACH DATABASE 'x.db' AS x",
  'PRAGMA journal_mode = DELETE',
  "SELECT load_extension('x')",
  'SELECT 1; DROP TABLE model',
  'SELECT * FROM v_model WHERE id MATCH ?',
  "SELECT readfile('/etc/passwd')",
  'VACUUM INTO ?',
  'SELECT',
]

function headersOf(random: Random, token: string, body: Buffer | undefined): string[] {
  const text = () => inHeader(hostileText(random))
  const lines = ['Host: localhost']
  lines.push(
    random.chance(0.85) ? `Authorization: Bearer ${token}` : `Authorization: ${authorization(random, token)}`,
  )
  if (random.chance(0.1)) lines.push(`X-API-Key: ${text()}`)
  const count = random.int(3)
  for (let place = 0; place < count; place++) lines.push(`${random.pick(HEADERS)}: ${text()}`)
  if (random.chance(0.2))
    lines.push(`Accept-Encoding: ${random.pick(['gzip', 'br', 'gzip;q=0, br', '*;q=9', text()])}`)
  if (body === undefined) return lines
  const types = [
    'application/json',
    'application/json; charset=utf-16',
    'application/json;charset=latin1',
    'text/plain',
    text(),
  ]
  lines.push(`Content-Type: ${random.chance(0.8) ? types[0] : random.pick(types)}`)
  if (random.chance(0.05)) lines.push(`Content-Encoding: ${random.pick(['gzip', 'br', 'identity', text()])}`)
  if (random.chance(0.5)) lines.push('Accept: application/json, text/event-stream')
  lines.push(`Content-Length: ${body.length}`)
  return lines
}

function authorization(random: Random, token: string): string {
  const text = inHeader(hostileText(random))
  return random.pick([
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${text}`,
    `bearer  ${token}`,
    `Basic ${text}`,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer mdx_${'A'.repeat(43)}`,
    `Bearer ${'a'.repeat(9_000)}`,
    text,
  ])
}

const HEADERS = [
  ...[
    'X-Request-Id',
    'X-Client-Version',
    'User-Agent',
    'Cookie',
    'Origin',
    'Referer',
    'Accept',
    'Accept-Language',
  ],
  ...[
    'If-None-Match',
    'If-Match',
    'If-Modified-Since',
    'If-Range',
    'Range',
    'X-Forwarded-For',
    'Forwarded',
    'Via',
  ],
  ...[
    'X-Forwarded-Host',
    'X-HTTP-Method-Override',
    'X-Original-URL',
    'MCP-Protocol-Version',
    'Mcp-Session-Id',
  ],
  ...[
    'Access-Control-Request-Method',
    'Sec-Fetch-Site',
    'Cache-Control',
    'Pragma',
    '__proto__',
    'constructor',
    'X-A',
  ],
]
