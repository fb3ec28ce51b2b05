import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seededService, type TestService } from '../service.ts'
import { CHROMIUM, openPage, startBrowser } from './browser.ts'

const listSchema = z.object({ models: z.array(z.object({ id: z.string() })), total: z.int() })

describe.skipIf(CHROMIUM === undefined)('the models', () => {
  let service: TestService
  let browser: Browser
  beforeAll(async () => {
    service = await seededService({ env: { MODELDEX_NO_AUTH: 'true' } })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.close()
  })

  const list = async (query: string) => {
    const answer = await fetch(`${service.baseUrl}/api/v1/inference/models?${query}`)
    return listSchema.parse(await answer.json())
  }
  const open = async (query = '') => {
    const watched = await openPage(browser, `${service.baseUrl}/${query}`)
    await watched.page.locator('.rows .name').first().waitFor()
    return watched
  }

  it('are all reached by scrolling, each in its place', async () => {
    const { page, faults } = await open()
    const { total } = await list('limit=1')
    const rowHeight = 'document.querySelector(".rows").clientHeight'
    const height = z.number().parse(await page.evaluate(rowHeight))
    for (const part of [0.25, 0.5, 0.75, 1]) {
      await page.evaluate(`document.querySelector('.grid').scrollTop = ${height * part}`)
      const place = Math.floor((total - 1) * part)
      const { models } = await list(`limit=1&offset=${place}`)
      const row = page.locator(`[aria-rowindex="${place + 2}"] .id`)
      await expect.poll(() => row.textContent()).toBe(models[0]?.id)
    }
    expect(faults).toEqual([])
  })

  it('are searched, walked through and opened by keyboard alone', async () => {
    const { page, faults } = await open()
    await page.keyboard.press('/')
    await page.keyboard.type('claude opus')
    const { models } = await list('query=claude+opus&limit=3')
    await expect.poll(() => shownIds(page, 3)).toEqual(models.map(({ id }) => id))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => parameters(page).get('model')).toBe(models[1]?.id)
    await page.goBack()
    expect(parameters(page).get('model')).toBe(null)
    expect(parameters(page).get('query')).toBe('claude opus')
    await page.goBack()
    await expect.poll(() => page.locator('#search').inputValue()).toBe('')
    expect(faults).toEqual([])
  })

  it('are those of the link', async () => {
    const { page } = await open('?query=gpt&provider=openai&capabilities=reasoning&sort=price')
    const { models, total } = await list(
      'query=gpt&provider=openai&capabilities=reasoning&sort=price&limit=5',
    )
    expect(await shownIds(page, 5)).toEqual(models.map(({ id }) => id))
    expect(await page.locator('.count').textContent()).toContain(String(total))
  })

  it('of an earlier search never come after those of a later one', async () => {
    const { page, faults } = await open()
    let isFirstHeld = false
    await page.route('**/models?query=claude&*', async (route) => {
      isFirstHeld = true
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      await route.fallback().catch(() => undefined)
    })
    await page.locator('#search').fill('claude')
    await expect.poll(() => isFirstHeld).toBe(true)
    await page.locator('#search').fill('gemini')
    await expect.poll(() => page.locator('.rows .id').first().textContent()).toMatch(/gemini/)
    await page.waitForTimeout(1_500)
    expect(await page.locator('.rows .id').first().textContent()).toMatch(/gemini/)
    expect(faults).toEqual([])
  })
})

function parameters(page: Page): URLSearchParams {
  return new URL(page.url()).searchParams
}

async function shownIds(page: Page, count: number): Promise<string[]> {
  return (await page.locator('.rows .id').allTextContents()).slice(0, count)
}
