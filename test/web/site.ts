import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { type ServiceOptions, seededService, type TestService } from '../service.ts'
import { CHROMIUM, openPage, startBrowser, type Watched } from './browser.ts'

/** A service and a browser, while the tests of a `describeSite` run. */
export interface Site {
  baseUrl: () => string
  /** The service's catalog file. */
  db: () => string
  /** @param path from the root on, as `/?query=opus` */
  open: (path?: string, options?: BrowserContextOptions) => Promise<Watched>
  /** The service's answer to a path behind `api/v1/inference/`. */
  ask: (path: string) => Promise<unknown>
}

const FOR_ALL = { MODELDEX_NO_AUTH: 'true', MODELDEX_RATE_LIMIT: '0' }

/** Tests of the page of one service, by default open to all; skipped where there is no browser. */
export function describeSite(title: string, tests: (site: Site) => void, options: ServiceOptions = {}): void {
  describe.skipIf(CHROMIUM === undefined)(title, () => {
    let service: TestService
    let browser: Browser
    beforeAll(async () => {
      service = await seededService({ env: FOR_ALL, ...options })
      browser = await startBrowser()
    })
    afterAll(async () => {
      await browser?.close()
      await service?.close()
    })
    tests({
      baseUrl: () => service.baseUrl,
      db: () => service.db,
      open: (path = '/', screen = {}) => openPage(browser, service.baseUrl + path, screen),
      ask: async (path) => {
        const headers = new Headers(service.token === '' ? {} : { authorization: `Bearer ${service.token}` })
        return (await fetch(`${service.baseUrl}/api/v1/inference/${path}`, { headers })).json()
      },
    })
  })
}
