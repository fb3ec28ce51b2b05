import type { Random } from '../../../bench/random.ts'
import type { Arms } from './routes.ts'
import { bytes, hostileText } from './values.ts'

/** Bytes that are not, or hardly, a request: servers disagree about them. They may be read as several. */
export function brokenBytes(random: Random, { routes, token }: Arms): Buffer {
  const { method, path } = random.pick(routes)
  const head = `Host: localhost\r\nAuthorization: Bearer ${token}\r\n`
  const line = `${method} ${path} HTTP/1.1\r\n`
  const text = () => hostileText(random)
  const shapes: (() => string)[] = [
    () => `${random.pick(LINES)}\r\n${head}\r\n`,
    () => `${text()} ${path} HTTP/1.1\r\n${head}\r\n`,
    () => `${method} ${text()} HTTP/1.1\r\n${head}\r\n`,
    () => `${method} ${path} ${text()}\r\n${head}\r\n`,
    () =>
      line +
      head +
      random.pick(HEADS) +
      random.pick(['\r\n', '\r\n\r\n', '\n', '\r\n{}', '\r\n0\r\n\r\n', '']),
    () => `${line}${head}${text()}: ${text()}\r\n\r\n`,
    () => `${line}${head}X-A: ${'a'.repeat(1_000 + random.int(40_000))}\r\n\r\n`,
    () => `${line}${head}${`X-${random.int(1_000)}: a\r\n`.repeat(random.int(3_000))}\r\n`,
    () => `${method} ${path}?${'a'.repeat(random.int(40_000))} HTTP/1.1\r\n${head}\r\n`,
    () => `POST ${path} HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${random.pick(CHUNKS)}`,
    () => bytes(random, 1 + random.int(2_000)),
    () => mutated(random, `${line}${head}Accept: */*\r\n\r\n`),
    () =>
      mutated(
        random,
        `POST ${path} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
      ),
  ]
  return Buffer.from(random.pick(shapes)(), 'latin1')
}

/** With a few bytes other, more or fewer than it had. */
function mutated(random: Random, request: string): string {
  let changed = request
  for (let changes = 1 + random.int(6); changes > 0; changes--) {
    const at = random.int(changed.length)
    const added = random.chance(0.7) ? bytes(random, random.int(4)) : ''
    changed = changed.slice(0, at) + added + changed.slice(at + random.int(5))
  }
  return changed
}

const LINES = [
  ...[
    '',
    ' ',
    'GET',
    'GET ',
    'GET /',
    'GET / HTTP',
    'GET / HTTP/9.9',
    'GET / HTTP/1.1 x',
    'GET  / HTTP/1.1',
    'get / HTTP/1.1',
  ],
  ...[
    'GET * HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'CONNECT a:1 HTTP/1.1',
    'CONNECT / HTTP/1.1',
    'GET http:// HTTP/1.1',
  ],
  ...[
    'GET http://a@b:c/d HTTP/1.1',
    'GET //evil/ HTTP/1.1',
    'GET \\ HTTP/1.1',
    'GET /\x00 HTTP/1.1',
    'GET /\x80 HTTP/1.1',
  ],
  ...[
    'GET /#a HTTP/1.1',
    'GET ?a HTTP/1.1',
    'GET / HTTP/1.0',
    'GET / HTTP/0.9',
    'GET / RTSP/1.0',
    'PRI * HTTP/2.0',
  ],
  ...[
    '\x16\x03\x01\x02\x00\x01\x00',
    'SSH-2.0-x',
    'EHLO a',
    '{"a":1}',
    'GET\t/\tHTTP/1.1',
    'GET / HTTP/1.1\rX: y',
    'POST / HTTP/1.1',
  ],
]

const HEADS = [
  ...[
    'Content-Length: 2\r\nContent-Length: 3\r\n',
    'Content-Length: -1\r\n',
    'Content-Length: 1e3\r\n',
    'Content-Length: \r\n',
  ],
  ...[
    'Content-Length: 99999999999999999999\r\n',
    'Content-Length: 0x2\r\n',
    'Content-Length : 2\r\n',
    'Content-Length: 2 2\r\n',
  ],
  ...[
    'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n',
    'Transfer-Encoding: identity\r\n',
    'Transfer-Encoding: x\r\n',
  ],
  ...[
    'Transfer-Encoding: chunked, chunked\r\n',
    'Transfer-Encoding:\tchunked\r\n',
    'Transfer-Encoding : chunked\r\n',
  ],
  ...[
    'Host: b\r\n',
    'Host:\r\n',
    'X-A: b\r\n c\r\n',
    ' X-A: b\r\n',
    'X-A\r\n',
    ': b\r\n',
    'X A: b\r\n',
    'X-A: \x00\r\n',
    'X-A: b\n',
  ],
  ...[
    'Expect: 100-continue\r\n',
    'Expect: x\r\n',
    'Upgrade: h2c\r\nConnection: Upgrade\r\n',
    'Upgrade: websocket\r\nConnection: Upgrade\r\n',
  ],
  ...[
    'Connection: close, keep-alive\r\n',
    'Trailer: Host\r\n',
    'TE: trailers\r\n',
    'X-\x80: a\r\n',
    'X-A: \x7f\r\n',
    'Keep-Alive: 0\r\n',
  ],
]

const CHUNKS = [
  ...[
    '0\r\n\r\n',
    'zz\r\n',
    '-1\r\n',
    '2\r\n{}\r\n0\r\n\r\n',
    '2\n{}\n0\n\n',
    'ffffffffffffffff\r\n',
    '2;a="\r\n{}\r\n0\r\n\r\n',
  ],
  ...[
    '2\r\n{}XX0\r\n\r\n',
    '0\r\nX-A: b\r\n\r\n',
    '0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n',
    '2\r\n{',
    '1\r\n',
    '',
  ],
]
