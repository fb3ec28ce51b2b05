import type { Random } from '../../../bench/random.ts'

/** Texts that some reader of some format takes for more than text. */
const TEXTS = [
  ...['', ' ', '\t', '0', '-0', '+1', '1e999', '-1e-999', 'NaN', 'Infinity', '0x10', '1_000', '٣', '½', '²'],
  ...[
    '9007199254740993',
    '-9223372036854775809',
    '1'.repeat(300),
    `0.${'0'.repeat(400)}1`,
    '1.7976931348623157e309',
  ],
  ...[
    'true',
    'TRUE ',
    'null',
    'undefined',
    '[]',
    '{}',
    '[object Object]',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...[
    "'",
    "''",
    "' OR 1=1 --",
    '"; DROP TABLE model; --',
    '1; ATTACH DATABASE ',
    "x' UNION SELECT 1,2 --",
    '\\',
    '%',
    '_',
  ],
  ...[
    '"',
    '""',
    '*',
    'a*',
    '^a',
    'a AND',
    'NOT',
    'NEAR(a b, 2)',
    'NEAR/',
    'name:a',
    '{id name}:a',
    '(',
    ')',
    '-a',
    'a + b',
  ],
  ...[
    '../../../etc/passwd',
    '..\\..\\',
    '....//',
    '/etc/passwd',
    'file:///etc/passwd',
    'C:\\',
    '\\\\host\\share',
    '.',
    '..',
  ],
  ...[
    '\u0000',
    'a\u0000b',
    '\u0001\u001f',
    '\u007f',
    '\u0085',
    '\u2028\u2029',
    '\ufeff',
    '\ufffe',
    '\u202e',
    '\u200d',
  ],
  ...[
    '\ud800',
    '\udc00a',
    'a\ud800',
    '😀',
    '🏳️‍🌈',
    'İ',
    'ı',
    'ß',
    'ﬃ',
    'Å',
    'Å',
    '\u1160',
    'e\u0301'.repeat(50),
  ],
  ...[
    '\r\nSet-Cookie: a=b',
    '\n\nHTTP/1.1 200 OK\r\n\r\n',
    '<script>alert(1)</script>',
    '#{7*7}',
    '{{7*7}}',
    '$(id)',
    '`id`',
  ],
  ...[
    '%00',
    '%2e%2e%2f',
    '%ff',
    '%u0041',
    '%%',
    '&a=b',
    '=',
    '?',
    '#',
    ';',
    '+',
    ',',
    ',,,',
    'a,b,'.repeat(40),
  ],
  ...[
    '2026-02-30',
    '2026-13-01',
    '0000-00-00',
    '9999-12-31',
    '2026-10-01T00:00:00Z',
    '-1-1-1',
    '2026-10-01 or 1',
  ],
  ...[
    'gpt-4o',
    'claude',
    'a'.repeat(256),
    'é'.repeat(257),
    '𝒂'.repeat(256),
    'a '.repeat(128),
    '1-'.repeat(100),
    '日本語',
  ],
]

/** A text that is hostile by itself, or long, or two such in one. */
export function hostileText(random: Random): string {
  if (random.chance(0.1)) return bytes(random, 1 + random.int(40))
  if (random.chance(0.05))
    return random
      .pick(TEXTS)
      .repeat(1 + random.int(50))
      .slice(0, 4_000)
  if (random.chance(0.15)) return random.pick(TEXTS) + random.pick(TEXTS)
  return random.pick(TEXTS)
}

/** Any bytes, each as one character. */
export function bytes(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(random.int(256))).join('')
}

/** As it goes into a URL: encoded, or as broken as URLs come. */
export function inUrl(random: Random, text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed())
  if (random.chance(0.85)) return encoded
  const broken = [
    '%',
    '%f',
    '%zz',
    '%c0%af',
    '%ed%a0%80',
    '%f8%88%80%80%80',
    '%80',
    '%00',
    '%0d%0a',
    '%2f',
    '%25',
  ]
  return encoded.slice(0, random.int(encoded.length + 1)) + random.pick(broken)
}

/** What a header can hold: the parser lets any byte through but those that end a line, and NUL. */
export function inHeader(text: string): string {
  return [...text].map((character) => (/[\t\x20-\x7e\x80-\xff]/.test(character) ? character : '?')).join('')
}

/** A JSON value, small or deep, with hostile texts where it has any. */
export function hostileJson(random: Random, depth = 0): unknown {
  const kind = random.int(depth > 3 ? 6 : 8)
  if (kind === 0) return random.pick([null, true, false, 0, -0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 63), 5e-324])
  if (kind < 4) return hostileText(random)
  if (kind === 4) return []
  if (kind === 5) return {}
  const length = random.int(5)
  if (kind === 6) return Array.from({ length }, () => hostileJson(random, depth + 1))
  const members = Array.from({ length }, () => [hostileText(random), hostileJson(random, depth + 1)] as const)
  return Object.fromEntries(members)
}
