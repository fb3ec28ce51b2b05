import lt from 'semver/functions/lt.js'
import valid from 'semver/functions/valid.js'
import { AppError } from '../errors.ts'
import type { Exchange } from './exchange.ts'

const SDK_USER_AGENT = /\bdreadnode-sdk\/(\S+)/i

/** Turns away a client that says it is older than `minimum`; those that say nothing readable pass. */
export function refuseOldClient(exchange: Exchange, minimum: string): void {
  const { 'x-client-version': header, 'user-agent': agent = '' } = exchange.request.headers
  const stated = header?.toString().trim() || SDK_USER_AGENT.exec(agent)?.[1]
  const version = stated === undefined ? null : valid(stated)
  if (version === null || !lt(version, minimum)) return
  exchange.headers = [...exchange.headers, 'Upgrade', `modeldex-client/${minimum}`, 'Connection', 'Upgrade']
  throw new AppError('upgrade_required', `Client version ${version} is below the minimum ${minimum}`)
}
