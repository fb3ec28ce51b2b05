import {
  isLoopback,
  readHostNames,
  readHttpUrl,
  readOrigins,
  readProxyList,
  withoutBrackets,
} from './addresses.ts'
import { UsageError } from './errors.ts'
import { asIs, bearerToken, integer, readBoolean, readInteger, readVersion, setting } from './setting.ts'

const MAX_PORT = 65_535
/** Enough for any count or number of seconds, and safe wherever 32 bits are kept. */
const MAX_INTEGER = 2_147_483_647
/** 11 days in seconds, 1 TB in MB: timers keep 32 bits of milliseconds, and byte counts stay exact. */
const MAX_FETCH = 1_000_000
/** Far more than any machine has cores. */
const MAX_WORKERS = 1024
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** The catalog that comes with the program. */
const SEED = 'seed'

/** How each setting is read. Without zod, which takes longer to load than a quick command may take as a whole. */
const CONFIG = {
  db: setting('a path', asIs, 'data/catalog.db'),
  host: setting('an address', withoutBrackets, '127.0.0.1'),
  port: integer(MAX_PORT, 0, 8787),
  workers: integer(MAX_WORKERS, 1, 1),
  tokensFile: setting('a path', asIs, 'data/tokens.json'),
  source: setting('a source', asIs, SEED),
  overlay: setting('a path', asIs, undefined),
  refresh: setting('a cron expression', asIs, undefined),
  follow: setting('a URL such as http://modeldex:8787', readHttpUrl, undefined),
  followInterval: integer(MAX_FETCH, 1, 300),
  allowShrink: setting('true or false', readBoolean, false),
  allowInvalid: setting('true or false', readBoolean, false),
  fetchTimeout: integer(MAX_FETCH, 1, 60),
  fetchLimit: integer(MAX_FETCH, 1, 256),
  rateLimit: integer(MAX_INTEGER, 0, 6000),
  minClientVersion: setting('a version such as 1.2.3', readVersion, undefined),
  trustProxy: setting('a number of proxies, or a list of addresses', readProxies, undefined),
  corsOrigins: setting('*, or a list of origins such as https://example.com', readOrigins, undefined),
  allowedHosts: setting('a list of host names such as modeldex.example.com', readHostNames, undefined),
  maxAge: integer(MAX_INTEGER, 0, undefined),
  sql: setting('true or false', readBoolean, false),
  openMirror: setting('true or false', readBoolean, false),
  openMetrics: setting('true or false', readBoolean, false),
  readyMaxAge: integer(MAX_INTEGER, 1, undefined),
  noAuth: setting('true or false', readBoolean, false),
  allowRemote: setting('true or false', readBoolean, false),
  logLevel: setting(`one of ${LOG_LEVELS.join(', ')}`, readLogLevel, 'info'),
}
const SECRET = { token: bearerToken, adminToken: bearerToken, followToken: bearerToken }

export type Config = Values<typeof CONFIG>
export type Secrets = Partial<Values<typeof SECRET>>

/** Reads a setting's text, or gives its default. @throws UsageError saying what it must be */
type Reader = (text: string | undefined) => unknown
type Values<Readers extends Record<string, Reader>> = {
  [Name in keyof Readers]: ReturnType<Readers[Name]>
}

/** Where each setting comes from: its flag, which wins, or its environment variable. */
export const SETTINGS = {
  db: ['--db <file>', 'MODELDEX_DB', 'the catalog file'],
  host: ['--host <address>', 'MODELDEX_HOST', 'the address to listen on'],
  port: ['--port <number>', 'MODELDEX_PORT', 'the port to listen on; 0 takes a free one'],
  workers: ['--workers <number>', 'MODELDEX_WORKERS', 'processes that serve: one for each core'],
  tokensFile: ['--tokens-file <file>', 'MODELDEX_TOKENS_FILE', 'the file of issued tokens'],
  source: ['--source <source>', 'MODELDEX_SOURCE', 'what the catalog is made from: seed, a file, or a URL'],
  overlay: [
    '--overlay <file>',
    'MODELDEX_OVERLAY',
    'what is added to the catalog, changed in it and left out: JSON or TOML',
  ],
  refresh: [
    '--refresh <cron>',
    'MODELDEX_REFRESH',
    'when to refresh from the source: a cron expression, UTC',
  ],
  follow: ['--follow <url>', 'MODELDEX_FOLLOW', 'another modeldex, whose catalog is taken over as it is'],
  followInterval: [
    '--follow-interval <seconds>',
    'MODELDEX_FOLLOW_INTERVAL',
    'how often to ask it for another catalog',
  ],
  allowShrink: ['--allow-shrink', 'MODELDEX_ALLOW_SHRINK', 'take a source that lost most of the models'],
  allowInvalid: ['--allow-invalid', 'MODELDEX_ALLOW_INVALID', 'take a source that is partly unreadable'],
  fetchTimeout: ['--fetch-timeout <seconds>', 'MODELDEX_FETCH_TIMEOUT', 'longest a URL may take to answer'],
  fetchLimit: [
    '--fetch-limit <megabytes>',
    'MODELDEX_FETCH_LIMIT',
    'largest answer of a URL, as sent and decoded',
  ],
  rateLimit: [
    '--rate-limit <number>',
    'MODELDEX_RATE_LIMIT',
    'requests a minute for each token or address; 0: any',
  ],
  minClientVersion: [
    '--min-client-version <version>',
    'MODELDEX_MIN_CLIENT_VERSION',
    'oldest client to answer',
  ],
  trustProxy: [
    '--trust-proxy <proxies>',
    'MODELDEX_TRUST_PROXY',
    'proxies to believe: how many, or which addresses',
  ],
  corsOrigins: [
    '--cors-origins <origins>',
    'MODELDEX_CORS_ORIGINS',
    'web origins that may use the API, or *',
  ],
  allowedHosts: [
    '--allowed-hosts <names>',
    'MODELDEX_ALLOWED_HOSTS',
    'host names by which /mcp may be asked, and with --no-auth everything',
  ],
  maxAge: ['--max-age <seconds>', 'MODELDEX_MAX_AGE', 'how long clients may reuse an answer without asking'],
  sql: ['--sql', 'MODELDEX_SQL', 'answer read-only SQL to tokens of scope sql'],
  openMirror: ['--open-mirror', 'MODELDEX_OPEN_MIRROR', "answer in other tools' formats without a token"],
  openMetrics: ['--open-metrics', 'MODELDEX_OPEN_METRICS', 'answer /metrics without a token'],
  readyMaxAge: [
    '--ready-max-age <seconds>',
    'MODELDEX_READY_MAX_AGE',
    'the age of the catalog from which on /readyz fails',
  ],
  noAuth: ['--no-auth', 'MODELDEX_NO_AUTH', 'ask for no token; loopback addresses only'],
  allowRemote: ['--allow-remote', 'MODELDEX_ALLOW_REMOTE', 'with --no-auth: listen on any address'],
  logLevel: ['--log-level <level>', 'MODELDEX_LOG_LEVEL', LOG_LEVELS.join(', ')],
} as const satisfies Record<SettingName, readonly [flag: string, variable: string, help: string]>

export type SettingName = keyof Config
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]

/** Secrets have no flags: every user of a machine can read its command lines. */
export const SECRETS = {
  token: 'MODELDEX_TOKEN',
  adminToken: 'MODELDEX_ADMIN_TOKEN',
  followToken: 'MODELDEX_FOLLOW_TOKEN',
} as const satisfies Record<keyof Secrets, string>

/** Flags as they stand on the command line; `true` for those without a value. */
export type Flags = Partial<Record<SettingName, string | true>>
type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads all of the configuration, whichever part a command needs.
 * @throws UsageError naming every flag and variable at fault
 */
export function readConfig(flags: Flags = {}, environment: Environment = process.env): ConfigAndSecrets {
  const unknown = unknownVariables(environment)
  const faults = [...unknown]
  const names = new Map<string, string>()
  const texts: Record<string, string> = {}
  for (const key of SETTING_NAMES) {
    const [flag, variable] = SETTINGS[key]
    const flagged = flags[key]
    const name = flagged === undefined ? variable : flag.replace(/ .*/, '')
    const text = flagged === undefined ? nonBlank(environment[variable]) : String(flagged).trim()
    if (text === '') faults.push(`${name}: must not be blank`)
    else if (text !== undefined) texts[key] = text
    names.set(key, name)
  }
  for (const [key, variable] of Object.entries(SECRETS)) {
    const text = nonBlank(environment[variable])
    if (text !== undefined) texts[key] = text
    names.set(key, variable)
  }

  const readAll = <Readers extends Record<string, Reader>>(readers: Readers): Values<Readers> => {
    const values = Object.entries(readers).map(([key, read]) => {
      try {
        return [key, read(texts[key])]
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        faults.push(`${names.get(key)}: ${error.message}`)
        return [key, undefined]
      }
    })
    return Object.fromEntries(values)
  }
  const read = { config: readAll(CONFIG), secrets: readAll(SECRET) }
  // What could not be read contradicts nothing.
  if (faults.length === unknown.length) faults.push(...contradictions(read.config, read.secrets))
  if (faults.length > 0) throw new UsageError(faults.join('; '))
  return read
}

export interface ConfigAndSecrets {
  config: Config
  /** Apart, so that a configuration can be logged. */
  secrets: Secrets
}

/** Settings that are right each by itself, but not together. */
function contradictions(config: Config, { token, adminToken }: Secrets): string[] {
  const { noAuth, allowRemote, host, source, overlay, refresh, follow } = config
  const faults: string[] = []
  const isFedElsewhere = refresh !== undefined || overlay !== undefined || source !== SEED
  if (follow !== undefined && isFedElsewhere) {
    faults.push('--follow: the catalog comes from there alone: leave out --refresh, --source and --overlay')
  } else if (refresh !== undefined && source === SEED) {
    faults.push('--refresh: the seed never changes: name a file or a URL with --source')
  }
  if (noAuth && !allowRemote && !isLoopback(host)) {
    faults.push(`--no-auth on ${host} would let in everyone: add --allow-remote if that is meant`)
  }
  if (token !== undefined && token === adminToken) {
    faults.push(`${SECRETS.token} and ${SECRETS.adminToken}: must not be the same`)
  }
  return faults
}

/** Whether colours are wanted where no terminal is, too; Node reads what kind. */
export function isColourForced(environment: Environment = process.env): boolean {
  return environment.FORCE_COLOR !== undefined
}

/** What Kubernetes sets in every pod for a service called modeldex. */
const SERVICE_LINK = /^MODELDEX_(SERVICE|PORT)_/

function unknownVariables(environment: Environment): string[] {
  const known = new Set<string>([
    ...Object.values(SETTINGS).map(([, variable]) => variable),
    ...Object.values(SECRETS),
  ])
  return Object.keys(environment)
    .filter((name) => name.startsWith('MODELDEX_') && nonBlank(environment[name]) !== undefined)
    .filter((name) => !known.has(name) && !SERVICE_LINK.test(name))
    .map((name) => `${name}: no such setting`)
}

function nonBlank(text: string | undefined): string | undefined {
  return text?.trim() || undefined
}

function readLogLevel(text: string): (typeof LOG_LEVELS)[number] | undefined {
  return LOG_LEVELS.find((level) => level === text.toLowerCase())
}

function readProxies(text: string): number | string[] | undefined {
  return readInteger(text, MAX_INTEGER) ?? readProxyList(text)
}
