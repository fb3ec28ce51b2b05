import { newToken, updateTokenFile } from '../http/token-file.ts'
import type { TokenStore } from '../http/tokens.ts'

const FIRST_TOKEN_NAME = 'default'

/** Makes a first token where nobody could come in otherwise. */
export async function ensureToken(
  tokens: TokenStore | undefined,
  file: string,
  now: Date,
): Promise<string | undefined> {
  if (tokens === undefined || tokens.count() > 0) return undefined
  const { text, record } = newToken(FIRST_TOKEN_NAME, 'read', now)
  const isMade = await updateTokenFile(file, (records) => (records.length === 0 ? [record] : records))
  return isMade ? text : undefined
}
