import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { ServiceOptions } from '../service.ts'
import { axeFindings } from './axe.ts'
import { SCHEMES, screenOf, soon, WIDTHS, type Width } from './browser.ts'
import { describeSite, type Site } from './site.ts'

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
  ask: Site['ask']
}

/** Goes from stop to stop on screens of all widths, in both schemes: what is shown is right, fits, and keeps nobody out. */
export function walk(title: string, stops: readonly Stop[], options?: ServiceOptions): void {
  const looks = ({ open, ask }: Site) => {
    describe.each(WIDTHS)('at %i px', (width) => {
      const there = stops.filter(({ notAt }) => notAt !== width)
      it.each(there)('$name', async ({ name, query, drawn, act, holds, isRefused = false }) => {
        const screen = { ...screenOf(width), reducedMotion: 'reduce', colorScheme: 'light' } as const
        const { page, faults } = await open(`/${query}`, screen)
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
        const cut = await page.locator('.toolbar > *').evaluateAll((parts) => {
          const bottom = (part: (typeof parts)[number]) => Math.round(part.getBoundingClientRect().bottom)
          return parts.filter((part) => bottom(part) > bottom(part.parentElement ?? part)).length
        })
        expect(cut).toBe(0)
        // Views scroll, the page does not: browsers of tests hide the bar that would show it.
        expect(await page.evaluate('document.documentElement.scrollHeight <= innerHeight')).toBe(true)
        expect(faults.filter((fault) => !isRefused || !REFUSED.test(fault))).toEqual([])
        await page.context().close()
      })
    })
  }
  describeSite(title, looks, options)
}
