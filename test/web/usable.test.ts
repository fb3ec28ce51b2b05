import { expect, it } from 'vitest'
import { z } from 'zod'
import { serviceForTest } from '../http/wire.ts'
import { CHROMIUM, openPage, screenOf, startBrowser, WIDTHS } from './browser.ts'

const sentSchema = z.array(z.object({ name: z.string(), transferSize: z.number() }))
const SENT = `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
  ({ name, transferSize }) => ({ name, transferSize }))`

it.skipIf(CHROMIUM === undefined)('says what the page weighs, and when it can be used', async () => {
  const { baseUrl } = await serviceForTest({ env: { MODELDEX_NO_AUTH: 'true' } })
  const browser = await startBrowser()
  // Made when it is first asked for.
  await fetch(baseUrl)
  const said: string[] = []
  for (const width of WIDTHS) {
    const { page, faults } = await openPage(browser, baseUrl, screenOf(width))
    await page.locator('.rows .name').first().waitFor()
    const usableMs = z.number().parse(await page.evaluate('window.usableMs'))
    const sent = sentSchema.parse(await page.evaluate(SENT))
    const ofPage = sent.filter(({ name }) => !name.includes('/api/'))
    const bytes = ofPage.reduce((sum, { transferSize }) => sum + transferSize, 0)
    said.push(
      `${width} px: ${bytes.toLocaleString('en')} bytes of page, rows after ${Math.round(usableMs)} ms`,
    )
    expect(bytes).toBeLessThan(80_000)
    expect(faults).toEqual([])
  }
  console.log(said.join('\n'))
  await browser.close()
})
