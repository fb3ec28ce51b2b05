import { expect, it } from 'vitest'
import { rankingSchema } from '../../src/http/estimates.ts'
import { screenOf, soon } from './browser.ts'
import { describeSite } from './site.ts'

const COMPARED = ['openai/gpt-5.6', 'google/gemini-2.5-pro', 'deepseek/deepseek-v4-pro']
const COMPARE_LINK = `/?view=compare&${COMPARED.map((id) => `compare=${id}`).join('&')}`

describeSite('choosing a model', ({ open, ask }) => {
  it('opens a model from its row; Escape leads back', async () => {
    const { page, faults } = await open('/?query=gpt-5.6&provider=openai')
    await page.locator('.rows [role=row]').first().waitFor()
    await page.locator('[role=grid]').focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Prices' }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('model-title')
    await page.evaluate(`window.ways = []
      document.addEventListener('focusin', ({ target }) => ways.push(target.id))`)
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.has('model')).toBe(false)
    expect(await page.evaluate('document.activeElement.id')).toBe('results')
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))')
    expect(await page.evaluate('ways'), 'at once, and by no other place').toEqual(['results'])
    expect(faults).toEqual([])
  })

  it('keeps the panel of one model when the browser tells late that that of another was closed', async () => {
    const { page } = await open('/?model=openai/gpt-5.6')
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Prices' }).waitFor()
    await page.evaluate("window.before = document.querySelector('dialog')")
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await page.goBack()
    await panel.getByRole('heading', { name: 'Prices' }).waitFor()
    await page.evaluate("before.dispatchEvent(new Event('close'))")
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))')
    expect(await panel.count()).toBe(1)
  })

  it('leads from a model that is not there to those that may have been meant, and changes nothing else', async () => {
    const { page } = await open('/?provider=openai&sort=newest&model=openai/gpt-5.66')
    const panel = page.getByRole('dialog')
    const links = panel.getByRole('alert').getByRole('link')
    await links.first().waitFor()
    const id = await links.first().innerText()
    expect(await panel.getByRole('alert').innerText()).toContain(`Did you mean ${id}`)
    expect(await page.evaluate('document.activeElement.id')).toBe('model-title')
    const focused = () => page.evaluate('document.activeElement.textContent')
    for (let stop = 0; stop < 5 && (await focused()) !== id; stop++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await panel.getByRole('heading', { name: 'Prices' }).waitFor()
    expect(new URL(page.url()).search).toBe(`?provider=openai&sort=newest&model=${id}`)
    expect(await page.evaluate('document.activeElement.id')).toBe('model-title')
    await page.goBack()
    await links.first().waitFor()
  })

  it.each([
    ['Copied', 'openai/gpt-5.6'],
    ['Could not copy', 'before'],
  ])('says “%s” where a page may not use the clipboard', async (said, held) => {
    const { page } = await open('/?model=openai/gpt-5.6')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    // Absent where the page comes from another machine without TLS.
    await page.evaluate(`window.held = navigator.clipboard
      Object.defineProperty(navigator, 'clipboard', { value: undefined })
      if (${said === 'Could not copy'}) document.execCommand = () => false
      held.writeText('before')`)
    const copy = page.locator('.panel-id .copy')
    await copy.click()
    await soon(() => copy.textContent()).toBe(said)
    expect(await page.locator('.panel-id [role=status]').textContent()).toBe(said)
    expect(await page.evaluate('held.readText()')).toBe(held)
    await soon(() => copy.textContent()).toBe('Copy id')
  })

  it('draws prices over the days of the list, wherever it is looked at from', async () => {
    const drawn = async (timezoneId: string) => {
      const { page } = await open('/?model=openai/gpt-5.6', { timezoneId })
      await page.locator('.price-plot canvas').waitFor()
      return page.evaluate("document.querySelector('.price-plot canvas').toDataURL()")
    }
    const utc = await drawn('UTC')
    expect(await drawn('Pacific/Honolulu')).toBe(utc)
    expect(await drawn('Pacific/Kiritimati')).toBe(utc)
  })

  it('keeps a model open while its text is selected; a click beside it closes it', async () => {
    const { page } = await open('/?model=openai/gpt-5.6')
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Prices' }).waitFor()
    const box = await panel.locator('.panel-id bdi').boundingBox()
    if (box === null) throw new Error('the id has no place')
    const [beside, middle] = [box.x - 400, box.y + box.height / 2]
    await page.mouse.move(box.x + box.width, middle)
    await page.mouse.down()
    await page.mouse.move(beside, middle, { steps: 5 })
    await page.mouse.up()
    expect(await page.evaluate('String(getSelection())')).toContain('openai/gpt-5.6')
    expect(await panel.count()).toBe(1)
    await page.mouse.click(beside, middle)
    await panel.waitFor({ state: 'detached' })
  })

  it('chooses models by their rows, and compares them', async () => {
    const { page, faults } = await open('/?provider=anthropic&sort=newest')
    const rows = page.locator('.rows [role=row]')
    for (const place of [0, 1]) {
      await rows.nth(place).hover()
      await rows.nth(place).getByRole('button', { name: 'Compare' }).click()
    }
    const tray = page.getByRole('complementary', { name: 'Chosen to compare' })
    const ids = await tray.locator('bdi').allInnerTexts()
    await tray.getByRole('link', { name: 'Compare' }).click()
    expect(await page.locator('.compare-head .id').allInnerTexts()).toEqual(ids)
    expect(new URL(page.url()).searchParams.getAll('compare')).toEqual(ids)
    expect(faults).toEqual([])
  })

  it('shows only differences where that is asked for, and keeps their names in sight', async () => {
    const { page, faults } = await open(COMPARE_LINK, screenOf(360))
    const row = (title: string) => page.getByRole('rowheader', { name: title })
    await row('Tool call').waitFor()
    await page.getByLabel('Only differences').check()
    expect(await row('Tool call').count()).toBe(0)
    await page.locator('.compare-scroller').evaluate((element) => element.scrollTo(400, 0))
    expect((await row('Input').boundingBox())?.x).toBe(0)
    await page.getByRole('button', { name: `Take ${COMPARED[0]} out` }).click()
    expect(new URL(page.url()).searchParams.getAll('compare')).toEqual(COMPARED.slice(1))
    await page.goBack()
    expect(new URL(page.url()).searchParams.getAll('compare')).toEqual(COMPARED)
    expect(faults).toEqual([])
  })

  it('takes separators between digits, and no part of a token', async () => {
    const { page } = await open('/?view=cost')
    const field = page.getByLabel('Tokens out')
    const asked = () => Promise.resolve(new URL(page.url()).searchParams.get('output_tokens'))
    await field.fill("1,5 0'0")
    await soon(asked).toBe('1500')
    await field.fill('15.5')
    await soon(() => field.getAttribute('aria-invalid')).toBe('true')
    expect(await asked()).toBe('1500')
  })

  it('ranks all that is in view by cost, as it is typed, and goes on', async () => {
    const { page, faults } = await open('/?view=cost&input_tokens=1500&requests=2000')
    await page.locator('.cost-table tbody tr').first().waitFor()
    await page.getByLabel('Tokens out').fill('700')
    await page.getByLabel('Without free ones').check()
    const used = 'input_tokens=1500&output_tokens=700&requests=2000&free=false'
    const { results, total, priced } = rankingSchema.parse(await ask(`estimates?${used}&limit=100`))
    expect(total).toBeGreaterThan(7_000)
    const described = `${total.toLocaleString('en')} models, the cheapest first. ${total - priced} without`
    await soon(() => page.locator('.cost-count').textContent()).toContain(described)
    const ids = () => page.locator('.cost-table .id').allTextContents()
    await soon(ids).toEqual(results.map(({ entry }) => entry.id))
    expect(new URL(page.url()).searchParams.get('output_tokens')).toBe('700')
    const next = rankingSchema.parse(await ask(`estimates?${used}&limit=100&offset=100`))
    await page.getByRole('button', { name: 'Show more' }).click()
    await soon(ids).toEqual([...results, ...next.results].map(({ entry }) => entry.id))
    expect(faults).toEqual([])
  })
})
