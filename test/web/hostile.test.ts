import { expect, it } from 'vitest'
import { z } from 'zod'
import { soon } from './browser.ts'
import { describeSite, type Site } from './site.ts'

/** Names that a page could take for something else than text. */
const NAMES = [
  '<img src=x onerror="document.title=\'taken\'">',
  '<script>document.title="taken"</script>',
  '"><svg onload=document.title="taken">',
  "'; document.title='taken'; '",
  'javascript:document.title="taken"',
  '{{constructor.constructor("document.title=1")()}}',
  '\u202Egnp.exe\u202C and on',
  'Ａｃｍｅ\u0301 𝕏 模型 نموذج',
  `${'very '.repeat(48)}long`,
  `unbroken-${'x'.repeat(240)}`,
  '%00%0d%0aSet-Cookie: a=b',
  // The longest that is taken in; a longer one is set aside.
  'y'.repeat(1_024),
]

const listSchema = z.object({ models: z.array(z.object({ id: z.string(), name: z.string() })) })

const catalog = {
  hostile: {
    id: 'hostile',
    name: NAMES[0],
    env: ['<b>KEY</b>'],
    doc: 'javascript:document.title="taken"',
    models: Object.fromEntries(
      NAMES.map((name, place) => {
        const id = `${place}${name.slice(0, 60)}`
        const prices = { input: place, output: place }
        const limit = { context: 1_000, output: 10 }
        // Words that every object knows.
        const modalities = { input: ['text', 'constructor'], output: ['toString'] }
        const status = place % 2 === 0 ? 'constructor' : 'valueOf'
        return [id, { id, name, family: name.slice(0, 40), cost: prices, limit, modalities, status }]
      }),
    ),
  },
}

function holdsOut({ open, ask }: Site) {
  const modelsOfAll = async () => listSchema.parse(await ask('models?limit=100')).models

  it('is shown as text, and runs and moves nothing', async () => {
    const { page, faults } = await open()
    const models = await modelsOfAll()
    expect(models).toHaveLength(NAMES.length)
    const rows = page.locator('.rows [role=row]')
    await soon(() => rows.count()).toBe(models.length)
    const shown = await page.locator('.rows .name').allTextContents()
    expect(shown).toEqual(models.map(({ name }) => name))
    const statuses = page.getByRole('group', { name: 'Status' }).locator('.choice-title')
    await soon(() => statuses.allTextContents()).toEqual(['Any', 'constructor', 'valueof'])
    const strangers = page.locator('main :is(img, script, iframe, object), [onerror], [onload]')
    expect(await strangers.count()).toBe(0)
    // A long name takes no more room than its column.
    const widths = await rows.evaluateAll((elements) =>
      elements.map((row) => row.getBoundingClientRect().width),
    )
    expect(new Set(widths).size).toBe(1)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await page.title()).not.toContain('taken')
    expect(faults).toEqual([])
  })

  it('is shown as text in all that is chosen', async () => {
    const models = await modelsOfAll()
    const ids = models.slice(0, 6).map(({ id }) => encodeURIComponent(id))
    const compared = ids.map((id) => `compare=${id}`).join('&')
    for (const view of ['view=compare', 'view=cost']) {
      const { page, faults } = await open(`/?${view}&${compared}&model=${ids[1]}`)
      await page.locator('.panel pre').first().waitFor()
      await page.locator(':is(.compare-table, .cost-table) .name').first().waitFor()
      expect(await page.locator('#model-title').textContent()).toBe(models[1]?.name)
      const strangers = ':is(main, dialog, .tray) :is(img, script, iframe, object, b, [onerror], [onload])'
      expect(await page.locator(`${strangers}, [href^="javascript:"]`).count()).toBe(0)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      expect(await page.title()).not.toMatch(/^taken/)
      expect(faults).toEqual([])
    }
  })

  it.each([
    ['?view=plot', '.frontier bdi:first-child'],
    ['?view=changes', '.news-name'],
  ])('is shown as text and fits in %s', async (query, names) => {
    const viewport = { width: 390, height: 844 }
    const { page, faults } = await open(`/${query}`, { viewport })
    await page.locator(names).first().waitFor()
    for (const shown of await page.locator(names).allTextContents()) expect(NAMES).toContain(shown)
    expect(await page.locator('main :is(img, script, iframe, object), [onerror], [onload]').count()).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await page.title()).not.toContain('taken')
    expect(faults).toEqual([])
  })

  it.each(NAMES.slice(0, 6))('can be searched and marked, and leads to itself: %s', async (name) => {
    const query = encodeURIComponent(name.slice(0, 60))
    const { page, faults } = await open(`/?query=${query}`)
    await page.locator('.rows .name').first().waitFor()
    expect(await page.locator('#search').inputValue()).toBe(name.slice(0, 60).trim())
    await page.locator('.rows .name').first().click()
    const id = new URL(page.url()).searchParams.get('model') ?? ''
    expect(id).toContain(name.slice(0, 60))
    expect(await page.title()).not.toMatch(/^taken/)
    expect(faults).toEqual([])
  })
}

describeSite('a catalog of hostile names', holdsOut, { catalog })
