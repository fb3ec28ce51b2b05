import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { ingest } from '../src/ingest/ingest.ts'
import { CHROMIUM, NOTE_TIMES, startBrowser } from '../test/web/browser.ts'
import { median } from './figures.ts'
import { printRows, say } from './report.ts'
import { CREDENTIALS, serviceArgs, startServer } from './servers.ts'

/** Prints how soon a person can use the page, and what is sent for that: on this machine, with the whole seed. */
const RUNS = 10
/** From the start of the navigation, in ms. */
const TARGET_MS = 500
const POLL_MS = 5
const SEARCHED = 'claude opus'

const SENT = `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
  ({ name, transferSize }) => [name, transferSize])`
const sentSchema = z.array(z.tuple([z.string(), z.number()]))

if (CHROMIUM === undefined) throw new Error('no Chromium: name one in CHROMIUM_PATH')
const folder = mkdtempSync(join(tmpdir(), 'modeldex-bench-page-'))
try {
  const db = join(folder, 'catalog.db')
  await ingest({ db, from: 'seed' })
  const server = await startServer({ args: serviceArgs(db), log: join(folder, 'log'), isMeasured: false })
  const browser = await startBrowser()
  try {
    await measure(browser, `http://127.0.0.1:${server.port}/`)
  } finally {
    await browser.close()
    await server.stop()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(browser: Browser, url: string): Promise<void> {
  const link = `${url}#token=${CREDENTIALS.Authorization.slice('Bearer '.length)}`
  const [first, again, searched]: [number[], number[], number[]] = [[], [], []]
  let sent: [string, number][] = []
  // The run numbered 0 has the page made, and does not count.
  for (let run = 0; run <= RUNS; run++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.addInitScript(NOTE_TIMES)
    await page.goto(link)
    const usableMs = await noted(page, 'usableMs')
    sent = sentSchema.parse(await page.evaluate(SENT))
    const searchMs = await search(page)
    await page.goto(url)
    await page.reload()
    const againMs = await noted(page, 'usableMs')
    await context.close()
    if (run === 0) continue
    first.push(usableMs)
    searched.push(searchMs)
    again.push(againMs)
  }
  printRows('page', [
    { what: 'first visit: from the navigation to rows', value: median(first), unit: 'ms', target: TARGET_MS },
    { what: 'another visit', value: median(again), unit: 'ms', target: TARGET_MS },
    {
      what: 'a search, its pause of 60 ms included',
      value: median(searched),
      unit: 'ms',
    },
  ])
  const ofPage = sent.filter(([name]) => !name.includes('/api/'))
  say(`sent for the first rows: ${kilobytes(ofPage)} for the page, ${kilobytes(sent)} in all`)
}

/** From the text's being there to its rows, in ms. */
async function search(page: Page): Promise<number> {
  await page.locator('#search').fill('nothing-is-called-so')
  await page.locator('.nothing').waitFor()
  const began = z.number().parse(await page.evaluate('performance.now()'))
  await page.locator('#search').fill(SEARCHED)
  return (await noted(page, 'searchedMs')) - began
}

async function noted(page: Page, name: string): Promise<number> {
  for (;;) {
    const time = await page.evaluate(`window.${name}`)
    if (typeof time === 'number') return time
    await page.waitForTimeout(POLL_MS)
  }
}

function kilobytes(sent: readonly [string, number][]): string {
  return `${(sent.reduce((sum, [, bytes]) => sum + bytes, 0) / 1_000).toFixed(1)} kB`
}
