import { expect, it } from 'vitest'
import { z } from 'zod'
import { screenOf, soon, WIDTHS } from './browser.ts'
import { describeSite } from './site.ts'

/** What has the focus, and whether that shows: on itself, or on the row or the thumb that stands for it. */
const FOCUSED = `(() => {
  const focused = document.activeElement
  const row = focused.id === 'results' ? focused.querySelector('.is-active') : null
  const parts = [focused, row].filter(Boolean).map((part) => getComputedStyle(part).outlineStyle)
  const said = focused.labels?.[0]?.textContent ?? focused.textContent
  const name = focused.id || focused.getAttribute('aria-label') || said.trim().slice(0, 40)
  // Behind the last one the browser's own controls come, then the first again.
  window.reached ??= new Set([document.body])
  // A field for a date has stops of its own.
  const isNext = focused === window.last || !window.reached.has(focused)
  window.reached.add(window.last = focused)
  return {
    isNext,
    name: focused.tagName.toLowerCase() + ' ' + name,
    isShown: focused.type === 'range' || parts.some((style) => style !== 'none'),
  }
})()`
const focusedSchema = z.object({ isNext: z.boolean(), name: z.string(), isShown: z.boolean() })

/** What moves or fades: transitions and animations. */
const MOVED = `[...document.querySelectorAll('*')].filter((element) => {
  const { transitionDuration, animationName } = getComputedStyle(element)
  return transitionDuration !== '0s' || animationName !== 'none'
}).length`

describeSite('for everybody', ({ open }) => {
  it.each(WIDTHS)('the keyboard reaches all there is at %i px, and shows where it is', async (width) => {
    const { page, faults } = await open('/', screenOf(width))
    await page.locator('.rows .name').first().waitFor()
    const reached: string[] = []
    for (;;) {
      await page.keyboard.press('Tab')
      const { isNext, name, isShown } = focusedSchema.parse(await page.evaluate(FOCUSED))
      if (!isNext) break
      expect(isShown, name).toBe(true)
      reached.push(name)
    }
    const expected = ['a Skip to the models', 'input search', 'a Plot', 'a Changes', 'div results']
    const further = width < 1_440 ? ['button Filters'] : ['input Lowest price', 'input Find: family']
    const columns = width === 360 ? [] : ['summary Columns']
    expect(reached).toEqual(expect.arrayContaining([...expected, ...further, ...columns]))
    expect(faults).toEqual([])
  })

  it.each<[name: string, width: (typeof WIDTHS)[number], path: string, place: string]>([
    ['Clear all', 1_440, '/?provider=openai', 'aside.filters'],
    ['Clear all', 820, '/?provider=openai', 'dialog'],
    ['Take openai/gpt-5.6 out', 1_440, '/?compare=openai/gpt-5.6&compare=openai/gpt-4o', 'aside.tray'],
    ['Clear', 1_440, '/?compare=openai/gpt-5.6', 'main'],
    ['Take openai/gpt-5.6 out', 1_440, '/?view=compare&compare=openai/gpt-5.6&compare=openai/gpt-4o', 'main'],
    ['Start afresh', 1_440, '/?query=nothing-is-called-so', 'main'],
  ])('“%s” goes away when it is pressed, and leaves the keyboard near', async (name, width, path, place) => {
    const { page, faults } = await open(path, screenOf(width))
    if (place === 'dialog') await page.getByRole('button', { name: 'Filters' }).press('Enter')
    const button = page.getByRole(name === 'Start afresh' ? 'link' : 'button', { name, exact: true })
    await button.press('Enter')
    await button.waitFor({ state: 'detached' })
    await soon(() => page.evaluate(`document.activeElement.closest('${place}') !== null`)).toBe(true)
    expect(faults).toEqual([])
  })

  it('what the keyboard opens keeps it, and gives it back', async () => {
    const { page } = await open('/', screenOf(820))
    await page.locator('.rows .name').first().waitFor()
    await page.getByRole('button', { name: 'Filters' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('dialog[open] .choice-count').first().waitFor()
    const isInside = "document.querySelector('dialog').contains(document.activeElement)"
    for (let stop = 0; stop < 5; stop++) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(isInside)).toBe(true)
    }
    await page.keyboard.press('Escape')
    await soon(() => page.locator('dialog').count()).toBe(0)
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Filters')
  })

  it('the number of results is told as it changes', async () => {
    const { page } = await open()
    const told = page.getByRole('status').filter({ hasText: 'models' })
    await soon(() => told.textContent()).toBe('8,337 models')
    await page.locator('#search').fill('claude opus')
    await soon(() => told.textContent()).toMatch(/^\d{3} models$/)
  })

  it('nothing moves for those who want no motion', async () => {
    const still = await open('/?model=openai/gpt-5.6', { reducedMotion: 'reduce' })
    await still.page.locator('.price-plot canvas').waitFor()
    expect(await still.page.evaluate(MOVED)).toBe(0)
    const moving = await open()
    await moving.page.locator('.rows .name').first().waitFor()
    expect(await moving.page.evaluate(MOVED)).toBeGreaterThan(0)
  })
})
