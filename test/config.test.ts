import { describe, expect, it } from 'vitest'
import { isLoopback } from '../src/addresses.ts'
import { readConfig, SECRETS, SETTINGS } from '../src/config.ts'
import { UsageError } from '../src/errors.ts'

const DEFAULTS = {
  db: 'data/catalog.db',
  host: '127.0.0.1',
  port: 8787,
  workers: 1,
  tokensFile: 'data/tokens.json',
  source: 'seed',
  followInterval: 300,
  allowShrink: false,
  allowInvalid: false,
  fetchTimeout: 60,
  fetchLimit: 256,
  rateLimit: 6000,
  sql: false,
  openMirror: false,
  openMetrics: false,
  noAuth: false,
  allowRemote: false,
  logLevel: 'info',
}

function config(environment: Record<string, string>) {
  return readConfig({}, environment).config
}

function messageOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('configuration', () => {
  it('has defaults for all that is not set', () => {
    expect(readConfig({}, {})).toEqual({ config: DEFAULTS, secrets: {} })
  })

  it('takes a blank variable for one that is not set', () => {
    const variables = [...Object.values(SETTINGS).map(([, variable]) => variable), ...Object.values(SECRETS)]
    const blank = Object.fromEntries(variables.map((variable) => [variable, ' ']))
    expect(readConfig({}, { ...blank, MODELDEX_REFRESH: '' })).toEqual({ config: DEFAULTS, secrets: {} })
  })

  it('lets a flag win over its variable, even over one that is wrong', () => {
    expect(readConfig({ port: '1' }, { MODELDEX_PORT: '2' }).config.port).toBe(1)
    expect(readConfig({ port: '1' }, { MODELDEX_PORT: 'tcp://10.0.0.1:80' }).config.port).toBe(1)
    expect(readConfig({ noAuth: true }, { MODELDEX_NO_AUTH: '0' }).config.noAuth).toBe(true)
  })

  it.each([
    ['MODELDEX_DB', ' a b.db ', { db: 'a b.db' }],
    ['MODELDEX_HOST', '::1', { host: '::1' }],
    ['MODELDEX_HOST', '[::1]', { host: '::1' }],
    ['MODELDEX_PORT', '0', { port: 0 }],
    ['MODELDEX_PORT', '65535', { port: 65_535 }],
    ['MODELDEX_SOURCE', 'https://example.com/api.json', { source: 'https://example.com/api.json' }],
    ['MODELDEX_ALLOW_SHRINK', 'yes', { allowShrink: true }],
    ['MODELDEX_ALLOW_INVALID', '1', { allowInvalid: true }],
    ['MODELDEX_FETCH_TIMEOUT', '1', { fetchTimeout: 1 }],
    ['MODELDEX_FETCH_LIMIT', '1000000', { fetchLimit: 1_000_000 }],
    ['MODELDEX_WORKERS', '1024', { workers: 1024 }],
    ['MODELDEX_RATE_LIMIT', '0', { rateLimit: 0 }],
    ['MODELDEX_MIN_CLIENT_VERSION', 'v1.2.3-beta.1', { minClientVersion: '1.2.3-beta.1' }],
    ['MODELDEX_TRUST_PROXY', '2', { trustProxy: 2 }],
    [
      'MODELDEX_TRUST_PROXY',
      'loopback, 10.0.0.0/8,fd00::/8',
      { trustProxy: ['loopback', '10.0.0.0/8', 'fd00::/8'] },
    ],
    ['MODELDEX_CORS_ORIGINS', '*', { corsOrigins: '*' }],
    [
      'MODELDEX_CORS_ORIGINS',
      'https://a.example,http://localhost:3000',
      { corsOrigins: ['https://a.example', 'http://localhost:3000'] },
    ],
    ['MODELDEX_MAX_AGE', '60', { maxAge: 60 }],
    ['MODELDEX_NO_AUTH', 'YES', { noAuth: true }],
    ['MODELDEX_NO_AUTH', 'off', { noAuth: false }],
    ['MODELDEX_ALLOW_REMOTE', 't', { allowRemote: true }],
    ['MODELDEX_LOG_LEVEL', 'WARN', { logLevel: 'warn' }],
  ])('reads %s=%s', (variable, text, expected) => {
    expect(config({ [variable]: text })).toEqual({ ...DEFAULTS, ...expected })
  })

  it.each([
    ['MODELDEX_PORT', '65536'],
    ['MODELDEX_WORKERS', '0'],
    ['MODELDEX_WORKERS', '1025'],
    ['MODELDEX_PORT', '-1'],
    ['MODELDEX_PORT', '80a'],
    ['MODELDEX_FETCH_TIMEOUT', '0'],
    ['MODELDEX_FETCH_LIMIT', '1000001'],
    ['MODELDEX_RATE_LIMIT', '1.5'],
    ['MODELDEX_MIN_CLIENT_VERSION', '1.2'],
    ['MODELDEX_TRUST_PROXY', 'true'],
    ['MODELDEX_TRUST_PROXY', '10.0.0.0/33'],
    ['MODELDEX_TRUST_PROXY', '10.0.0.0/0'],
    ['MODELDEX_TRUST_PROXY', '10.0.0.1,'],
    ['MODELDEX_CORS_ORIGINS', 'https://a.example/'],
    ['MODELDEX_CORS_ORIGINS', '*,https://a.example'],
    ['MODELDEX_CORS_ORIGINS', 'null'],
    ['MODELDEX_MAX_AGE', '-5'],
    ['MODELDEX_NO_AUTH', 'maybe'],
    ['MODELDEX_LOG_LEVEL', 'loud'],
  ])('refuses %s=%s, naming both', (variable, text) => {
    const message = messageOf(() => readConfig({}, { [variable]: text }))
    expect(message).toMatch(new RegExp(`^${variable}: must be `))
    expect(message).toContain(JSON.stringify(text))
  })

  it('names the flag when the flag is at fault, and all faults at once', () => {
    const message = messageOf(() =>
      readConfig({ port: 'x', db: ' ' }, { MODELDEX_MAX_AGE: 'y', MODELDEX_TYPO: 'z' }),
    )
    expect(message.split('; ').map((fault) => fault.split(':')[0])).toEqual([
      'MODELDEX_TYPO',
      '--db',
      '--port',
      'MODELDEX_MAX_AGE',
    ])
  })

  it.each(['MODELDEX_TYPO', 'MODELDEX_SQLITE', 'MODELDEX_OPEN_MIRRORS', 'MODELDEX_WORKER'])(
    'refuses the unknown %s',
    (variable) => {
      expect(messageOf(() => config({ [variable]: '1' }))).toBe(`${variable}: no such setting`)
    },
  )

  it('refuses another source beside a modeldex to follow', () => {
    const MODELDEX_FOLLOW = 'http://modeldex:8787/dex'
    expect(config({ MODELDEX_FOLLOW })).toEqual({ ...DEFAULTS, follow: MODELDEX_FOLLOW })
    const message =
      '--follow: the catalog comes from there alone: leave out --refresh, --source and --overlay'
    for (const other of [
      { MODELDEX_OVERLAY: 'overlay.toml' },
      { MODELDEX_REFRESH: '0 * * * *' },
      { MODELDEX_SOURCE: 'https://models.dev/api.json' },
    ]) {
      expect(messageOf(() => config({ MODELDEX_FOLLOW, ...other }))).toBe(message)
    }
  })

  it('refuses to refresh from the seed on a schedule', () => {
    const message = '--refresh: the seed never changes: name a file or a URL with --source'
    expect(messageOf(() => config({ MODELDEX_REFRESH: '0 * * * *' }))).toBe(message)
    const source = 'https://models.dev/api.json'
    expect(config({ MODELDEX_REFRESH: '0 * * * *', MODELDEX_SOURCE: source })).toEqual({
      ...DEFAULTS,
      source,
      refresh: '0 * * * *',
    })
  })

  it('overlooks what Kubernetes sets for a service called modeldex, all but the port', () => {
    const links = {
      MODELDEX_SERVICE_HOST: '10.0.0.1',
      MODELDEX_SERVICE_PORT_HTTP: '80',
      MODELDEX_PORT_80_TCP_ADDR: '10.0.0.1',
    }
    expect(config(links)).toEqual(DEFAULTS)
    const message = messageOf(() => config({ ...links, MODELDEX_PORT: 'tcp://10.0.0.1:80' }))
    expect(message).toMatch(/^MODELDEX_PORT: .*Kubernetes.*enableServiceLinks: false/)
  })

  it('opens other addresses without authentication only when told twice', () => {
    expect(messageOf(() => readConfig({ noAuth: true, host: '0.0.0.0' }, {}))).toContain('--allow-remote')
    expect(messageOf(() => config({ MODELDEX_NO_AUTH: '1', MODELDEX_HOST: 'box.example' }))).toContain(
      '--allow-remote',
    )
    expect(readConfig({ noAuth: true, host: '0.0.0.0', allowRemote: true }, {}).config.noAuth).toBe(true)
    expect(readConfig({ noAuth: true, host: '[::1]' }, {}).config.host).toBe('::1')
    expect(readConfig({ host: '0.0.0.0' }, {}).config.host).toBe('0.0.0.0')
  })

  it('keeps secrets apart, and out of its messages', () => {
    const { config: open, secrets } = readConfig({}, { MODELDEX_TOKEN: 'abc', MODELDEX_ADMIN_TOKEN: 'def==' })
    expect(secrets).toEqual({ token: 'abc', adminToken: 'def==' })
    expect(JSON.stringify(open)).not.toMatch(/abc|def/)
    const message = messageOf(() =>
      readConfig({}, { MODELDEX_TOKEN: 'two words', MODELDEX_ADMIN_TOKEN: '=x' }),
    )
    expect(message).toMatch(/^MODELDEX_TOKEN: must be .*; MODELDEX_ADMIN_TOKEN: must be /)
    expect(message).not.toContain('two words')
    expect(messageOf(() => readConfig({}, { MODELDEX_TOKEN: 'a', MODELDEX_ADMIN_TOKEN: 'a' }))).toContain(
      'not be the same',
    )
  })
})

it.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['LOCALHOST', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['localhost.example', false],
])('knows whether %s is loopback', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
