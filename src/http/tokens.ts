import { hash, timingSafeEqual } from 'node:crypto'
import { statSync } from 'node:fs'
import type { Secrets } from '../config.ts'
import type { Scope } from './scopes.ts'
import { readTokenFile } from './token-file.ts'
import { oncePerTurn } from './turn.ts'

/** A token that may be presented; its text is known to its holder only. */
export interface IssuedToken {
  name: string
  scope: Scope
  /** SHA-256 of the token's text, in hex. */
  sha256: string
  /** Unix time in ms; undefined: never. */
  expiresAt: number | undefined
}

export interface TokenStore {
  /**
   * The issued token with this text, if there is one.
   * @throws AppError `internal` while the token file cannot be read: no one is let in on what it said before
   */
  find(text: string): IssuedToken | undefined
  /** How many tokens are known. */
  count(): number
}

type Entry = IssuedToken & { digest: Buffer }

const SHA256_BYTES = 32

/** The tokens of the environment and of a file that may change at any time: what is revoked is refused at once. */
export function openTokenStore(file: string, secrets: Secrets): TokenStore {
  const brought = byHash(environmentTokens(secrets))
  const presented = Buffer.alloc(SHA256_BYTES)
  let filed = new Map<string, Entry>()
  let fingerprint: string | undefined

  const currentFingerprint = oncePerTurn(() => fingerprintOf(file))
  function reload(): Map<string, Entry> {
    const current = currentFingerprint()
    if (current === fingerprint) return filed
    // Forget first: when the file cannot be read, the next request must try again.
    fingerprint = undefined
    filed = byHash(fileTokens(file))
    fingerprint = current
    return filed
  }

  return {
    find(text) {
      const sha256 = hash('sha256', text)
      const entry = brought.get(sha256) ?? reload().get(sha256)
      if (entry === undefined) return undefined
      presented.write(sha256, 'hex')
      return timingSafeEqual(entry.digest, presented) ? entry : undefined
    },
    count: () => brought.size + reload().size,
  }
}

function byHash(tokens: readonly IssuedToken[]): Map<string, Entry> {
  return new Map(
    tokens.map((token) => [token.sha256, { ...token, digest: Buffer.from(token.sha256, 'hex') }]),
  )
}

function environmentTokens({ token, adminToken }: Secrets): IssuedToken[] {
  const brought: [name: string, scope: Scope, text: string | undefined][] = [
    ['MODELDEX_TOKEN', 'read', token],
    ['MODELDEX_ADMIN_TOKEN', 'admin', adminToken],
  ]
  return brought.flatMap(([name, scope, text]) =>
    text === undefined ? [] : [{ name, scope, sha256: hash('sha256', text), expiresAt: undefined }],
  )
}

function fileTokens(file: string): IssuedToken[] {
  return readTokenFile(file).map(({ name, scope, sha256, expires_at }) => {
    return { name, scope, sha256, expiresAt: expires_at === null ? undefined : Date.parse(expires_at) }
  })
}

/** Changes whenever the file does: every write replaces it. A missing file has a fingerprint too. */
function fingerprintOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat === undefined ? 'missing' : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`
}
