import semver from 'semver'
import { z } from 'zod'
import {
  isLoopback,
  readHostNames,
  readHttpUrl,
  readOrigins,
  readProxyList,
  withoutBrackets,
} from './addresses.ts'
import { UsageError } from './errors.ts'

const MAX_PORT = 65_535
/** Enough for any count or number of seconds, and safe wherever 32 bits are kept. */
const MAX_INTEGER = 2_147_483_647
/** 11 days in seconds, 1 TB in MB: timers keep 32 bits of milliseconds, and byte counts stay exact. */
const MAX_FETCH = 1_000_000
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const TRUE_WORDS = ['true', '1', 'yes', 'on', 't', 'y']
const FALSE_WORDS = ['false', '0', 'no', 'off', 'f', 'n']

/** The catalog that comes with the program. */
const SEED = 'seed'

const configSchema = z.object({
  db: z.string().default('data/catalog.db'),
  host: z.string().transform(withoutBrackets).default('127.0.0.1'),
  port: integer(MAX_PORT).default(8787),
  tokensFile: z.string().default('data/tokens.json'),
  source: z.string().default(SEED),
  overlay: z.string().optional(),
  refresh: z.string().optional(),
  follow: setting('a URL such as http://modeldex:8787', readHttpUrl).optional(),
  followInterval: integer(MAX_FETCH, 1).default(300),
  allowShrink: setting('true or false', readBoolean).default(false),
  allowInvalid: setting('true or false', readBoolean).default(false),
  fetchTimeout: integer(MAX_FETCH, 1).default(60),
  fetchLimit: integer(MAX_FETCH, 1).default(256),
  rateLimit: integer(MAX_INTEGER).default(6000),
  minClientVersion: setting('a version such as 1.2.3', (text) => semver.valid(text) ?? undefined).optional(),
  trustProxy: setting('a number of proxies, or a list of addresses', readProxies).optional(),
  corsOrigins: setting('*, or a list of origins such as https://example.com', readOrigins).optional(),
  mcpHosts: setting('a list of host names such as modeldex.example.com', readHostNames).optional(),
  maxAge: integer(MAX_INTEGER).optional(),
  sql: setting('true or false', readBoolean).default(false),
  openMirror: setting('true or false', readBoolean).default(false),
  noAuth: setting('true or false', readBoolean).default(false),
  allowRemote: setting('true or false', readBoolean).default(false),
  logLevel: setting(`one of ${LOG_LEVELS.join(', ')}`, readLogLevel).default('info'),
})
const bearerToken = z
  .string()
  .regex(/^[A-Za-z0-9._~+/-]+=*$/, 'must be letters, digits and -._~+/, then any =')
const secretsSchema = z.object({
  token: bearerToken.optional(),
  adminToken: bearerToken.optional(),
  followToken: bearerToken.optional(),
})

export type Config = z.infer<typeof configSchema>
export type Secrets = z.infer<typeof secretsSchema>

/** Where each setting comes from: its flag, which wins, or its environment variable. */
export const SETTINGS = {
  db: ['--db <file>', 'MODELDEX_DB', 'the catalog file'],
  host: ['--host <address>', 'MODELDEX_HOST', 'the address to listen on'],
  port: ['--port <number>', 'MODELDEX_PORT', 'the port to listen on; 0 takes a free one'],
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
  mcpHosts: ['--mcp-hosts <names>', 'MODELDEX_MCP_HOSTS', 'host names by which agents reach /mcp'],
  maxAge: ['--max-age <seconds>', 'MODELDEX_MAX_AGE', 'how long clients may reuse an answer without asking'],
  sql: ['--sql', 'MODELDEX_SQL', 'answer read-only SQL to tokens of scope sql'],
  openMirror: ['--open-mirror', 'MODELDEX_OPEN_MIRROR', "answer in other tools' formats without a token"],
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
  const faults = unknownVariables(environment)
  const names = new Map<PropertyKey, string>()
  const texts: Partial<Record<PropertyKey, string>> = {}
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

  const config = configSchema.safeParse(texts)
  const secrets = secretsSchema.safeParse(texts)
  for (const issue of [...(config.error?.issues ?? []), ...(secrets.error?.issues ?? [])]) {
    faults.push(`${names.get(issue.path[0] ?? '')}: ${issue.message}`)
  }
  if (config.success && secrets.success) faults.push(...contradictions(config.data, secrets.data))
  if (faults.length > 0 || !config.success || !secrets.success) throw new UsageError(faults.join('; '))
  return { config: config.data, secrets: secrets.data }
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

/** A value read from text: `read` gives undefined for what it cannot make sense of. */
function setting<T>(expected: string, read: (text: string) => T | undefined) {
  return z.string().transform((text, context): T => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({
      code: 'custom',
      message: `must be ${expected}, not ${JSON.stringify(text)}${hint(text)}`,
    })
    return z.NEVER
  })
}

function hint(text: string): string {
  if (!/^(tcp|udp|sctp):\/\//.test(text)) return ''
  return ' (Kubernetes sets this for a service called modeldex: set enableServiceLinks: false, or rename it)'
}

function integer(max: number, min = 0) {
  return setting(`a whole number from ${min} to ${max}`, (text) => {
    const value = readInteger(text, max)
    return value !== undefined && value >= min ? value : undefined
  })
}

function readInteger(text: string, max: number): number | undefined {
  return /^[0-9]{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined
}

function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase()
  if (TRUE_WORDS.includes(word)) return true
  return FALSE_WORDS.includes(word) ? false : undefined
}

function readLogLevel(text: string): (typeof LOG_LEVELS)[number] | undefined {
  return LOG_LEVELS.find((level) => level === text.toLowerCase())
}

function readProxies(text: string): number | string[] | undefined {
  return readInteger(text, MAX_INTEGER) ?? readProxyList(text)
}
