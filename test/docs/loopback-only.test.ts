import { expect, it } from 'vitest'
import { expectWorks, OFFLINE_TIMEOUT_MS, offlineSession } from './offline.ts'
import { REFUSED } from './refused.ts'

/** The service and its commands try no network, unless they are given a URL. */

it('tries no connection and no lookup beyond loopback', { timeout: OFFLINE_TIMEOUT_MS }, async () => {
  const guard = `--import=${new URL('loopback-only.ts', import.meta.url)}`
  const result = await offlineSession([], { NODE_OPTIONS: guard })
  expectWorks(result)
  expect(result.unasked).not.toContain(REFUSED)
  // The guard fires, in this process and in the program when it is given a URL.
  expect(result.connection).toContain(REFUSED)
  expect(result.lookup).toContain(REFUSED)
  expect(result.remote.stderr).toContain(REFUSED)
})
