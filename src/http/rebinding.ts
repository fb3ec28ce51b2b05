import { isIP } from 'node:net'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/** Names that lead to this machine, whatever a name server says (RFC 6761). */
const LOCALHOST = /^(.+\.)?localhost$/
const HOST_HEADER = /^[\w.:[\]-]+$/
const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|\[::1\])$/

/** @throws AppError `forbidden` */
export type RefuseRebinding = (exchange: Exchange) => void

/**
 * Refuses what a web page asks that nobody invited, also one whose name was made to lead here after it was loaded (DNS
 * rebinding). That takes a name: who writes an address into the URL means this server.
 */
export function rebindingGuard({ host, corsOrigins, allowedHosts = [] }: Config): RefuseRebinding {
  const names = new Set([host, ...allowedHosts].map((name) => name.toLowerCase()))
  const isOurs = (hostname: string) =>
    isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0 || LOCALHOST.test(hostname) || names.has(hostname)

  return ({ request: { headers } }) => {
    const asked = HOST_HEADER.test(headers.host ?? '') ? URL.parse(`http://${headers.host}`) : null
    if (asked === null || !isOurs(asked.hostname)) {
      const remedy = 'let it in with --allowed-hosts or MODELDEX_ALLOWED_HOSTS'
      throw new AppError(
        'forbidden',
        `The Host ${JSON.stringify(headers.host ?? '')} is not known: ${remedy}`,
      )
    }
    const { origin } = headers
    if (origin === undefined || corsOrigins === '*' || corsOrigins?.includes(origin)) return
    const from = URL.parse(origin)
    const isLocal = from !== null && (LOCALHOST.test(from.hostname) || LOOPBACK_ADDRESS.test(from.hostname))
    // What is served here may ask here; the scheme is the proxy's.
    if (isLocal || from?.host === asked.host) return
    const remedy = 'let it in with --cors-origins or MODELDEX_CORS_ORIGINS'
    throw new AppError('forbidden', `The Origin ${JSON.stringify(origin)} is not known: ${remedy}`)
  }
}
