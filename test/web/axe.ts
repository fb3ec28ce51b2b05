import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { z } from 'zod'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const findingsSchema = z.array(z.object({ id: z.string(), html: z.array(z.string()) }))

/** What axe holds against a page: by default by all of its rules. */
export async function axeFindings(page: Page, rules?: readonly string[]) {
  await page.evaluate(`if (window.axe === undefined) { ${AXE} }`)
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) })
  return findingsSchema.parse(
    await page.evaluate(`axe.run(${options}).then(({ violations }) =>
      violations.map(({ id, nodes }) => ({ id, html: nodes.map(({ html }) => html) })))`),
  )
}
