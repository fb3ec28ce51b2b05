import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
/** No sandbox, for root has none; and nothing that the browser does of its own accord. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The browser of this machine: `CHROMIUM_PATH`, or the first one in the PATH; undefined where there is none. */
export const CHROMIUM = process.env.CHROMIUM_PATH ?? inPath()

function inPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync)
}

/** How wide the page is looked at, in px: a phone, a tablet, a laptop. */
export const WIDTHS = [360, 820, 1_440] as const
export type Width = (typeof WIDTHS)[number]
export const SCHEMES = ['light', 'dark'] as const

/** In px. */
const HEIGHTS: Record<Width, number> = { 360: 780, 820: 1_180, 1440: 900 }

export function screenOf(width: Width): BrowserContextOptions {
  return { viewport: { width, height: HEIGHTS[width] }, hasTouch: width === 360 }
}

export function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('no Chromium: name one in CHROMIUM_PATH')
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

export interface Watched {
  page: Page
  /** What should never happen: errors of the page, words on its console, requests to anyone else. */
  faults: string[]
}

/** Has a page note when its first rows are drawn, and when those of a search are, in ms since the navigation. */
export const NOTE_TIMES = `new MutationObserver(() => {
  if (document.querySelector('.rows .name')) window.usableMs ??= performance.now()
  if (document.querySelector('.rows mark')) window.searchedMs ??= performance.now()
}).observe(document, { childList: true, subtree: true })`

/** Opens a page and watches it. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  await page.addInitScript(NOTE_TIMES)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  page.on('request', (request) => {
    const asked = request.url()
    if (!asked.startsWith(new URL(url).origin) && !asked.startsWith('data:')) faults.push(asked)
  })
  await page.goto(url)
  return { page, faults }
}

/** How long a page may take to show something, in ms: a busy machine is slow. */
const PATIENCE_MS = 15_000

/** Expects of a page what it will show in a while. */
export function soon<Value>(look: () => Promise<Value>) {
  return expect.poll(look, { timeout: PATIENCE_MS })
}
