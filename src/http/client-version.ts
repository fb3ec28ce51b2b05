import type { RequestHandler } from 'express'
import semver from 'semver'
import { AppError } from '../errors.ts'

const SDK_USER_AGENT = /\bdreadnode-sdk\/(\S+)/i

/** Turns away clients that say they are older than `minimum`; those that say nothing readable pass. */
export function requireClientVersion(minimum: string): RequestHandler {
  return (request, response, next) => {
    const stated =
      request.get('x-client-version')?.trim() || SDK_USER_AGENT.exec(request.get('user-agent') ?? '')?.[1]
    const version = stated === undefined ? null : semver.valid(stated)
    if (version !== null && semver.lt(version, minimum)) {
      response.setHeader('Upgrade', `modeldex-client/${minimum}`)
      response.setHeader('Connection', 'Upgrade')
      throw new AppError('upgrade_required', `Client version ${version} is below the minimum ${minimum}`)
    }
    next()
  }
}
