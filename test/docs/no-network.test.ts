import { expect, it } from 'vitest'
import { expectWorks, firstPermitted, OFFLINE_TIMEOUT_MS, offlineSession } from './offline.ts'

/** The service and its commands need no network. */

/** A network of its own, in which nothing but loopback is up. A user who is not root needs a user namespace, too. */
const NAMESPACES = [['--net'], ['--map-root-user', '--net']].map((options) => {
  return ['unshare', ...options, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
})

it('works in a network namespace without any route', { timeout: OFFLINE_TIMEOUT_MS }, async ({ skip }) => {
  const permitted = await firstPermitted(NAMESPACES)
  if (permitted === undefined) return skip('network namespaces are not permitted here')
  const result = await offlineSession(permitted)
  expectWorks(result)
  // The namespace is what it should be.
  expect(result.connection).toContain('ENETUNREACH')
  expect(result.lookup).toMatch(/EAI_AGAIN|ENOTFOUND/)
})
