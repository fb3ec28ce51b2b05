import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServiceOptions } from '../service.ts'
import { seededService, type TestService } from '../service.ts'
import { axeFindings } from './axe.ts'
import { CHROMIUM, openPage, SCHEMES, screenOf, soon, startBrowser, WIDTHS, type Width } from './browser.ts'

/** For people to look at. */
const SCREENSHOTS = 'test-results/browser'
/** What the browser itself says of a request that is refused, or reaches nobody. */
const REFUSED =
  /^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)/

/** A state of the page to look at. */
export interface Stop {
  name: string
  /** The query of its link. */
  query: string
  /** What is there once it is drawn. */
  drawn: string
  /** What a person does to get there from the link. */
  act?: (page: Page, width: Width) => Promise<unknown>
  /** Holds what is shown against the service's own answers. */
  holds?: (shown: Shown) => Promise<unknown>
  /** Where the screen has no such thing. */
  notAt?: Width
  isRefused?: boolean
}

export interface Shown {
  page: Page
  width: Width
  /** The service's answer to a path behind `api/v1/inference/`. */
  ask: (path: string) => Promise<unknown>
}

/** Goes from stop to stop on screens of all widths, in both schemes: what is shown is right, fits, and keeps nobody out. */
export function walk(title: string, stops: readonly Stop[], options: ServiceOptions = {}): void {
  describe.skipIf(CHROMIUM === undefined)(title, () => {
    let service: TestService
    let browser: Browser
    beforeAll(async () => {
      service = await seededService({
        env: { MODELDEX_NO_AUTH: 'true', MODELDEX_RATE_LIMIT: '0' },
        ...options,
      })
      browser = await startBrowser()
    })
    afterAll(async () => {
      await browser?.close()
      await service?.close()
    })
    const headers = () => (service.token === '' ? {} : { authorization: `Bearer ${service.token}` })
    const ask: Shown['ask'] = async (path) =>
      (await fetch(`${service.baseUrl}/api/v1/inference/${path}`, { headers: headers() })).json()

    describe.each(WIDTHS)('at %i px', (width) => {
      const there = stops.filter(({ notAt }) => notAt !== width)
      it.each(there)('$name', async ({ name, query, drawn, act, holds, isRefused = false }) => {
        const screen = { ...screenOf(width), reducedMotion: 'reduce', colorScheme: 'light' } as const
        const { page, faults } = await openPage(browser, `${service.baseUrl}/${query}`, screen)
        await act?.(page, width)
        await page.locator(drawn).first().waitFor()
        await holds?.({ page, width, ask })
        await soon(() => page.locator('.waiting').count()).toBe(0)
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme })
          await page.screenshot({
            path: join(SCREENSHOTS, `${name.replaceAll(' ', '-')}-${width}-${colorScheme}.png`),
          })
          // Schemes differ in colours alone.
          const findings = await axeFindings(page, colorScheme === 'light' ? undefined : ['color-contrast'])
          expect(findings, colorScheme).toEqual([])
        }
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
        const cut = await page
          .locator('.toolbar')
          .evaluateAll((bars) => bars.filter((bar) => bar.scrollHeight > bar.clientHeight).length)
        expect(cut).toBe(0)
        // Views scroll, the page does not: browsers of tests hide the bar that would show it.
        expect(await page.evaluate('document.documentElement.scrollHeight <= innerHeight')).toBe(true)
        expect(faults.filter((fault) => !isRefused || !REFUSED.test(fault))).toEqual([])
        await page.context().close()
      })
    })
  })
}
