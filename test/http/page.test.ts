import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readPageFiles } from '../../src/http/page-files.ts'
import { seededService, type TestService } from '../service.ts'
import { serviceForTest } from './wire.ts'

/** What the whole page may weigh, gzipped, in bytes. */
const MAX_GZIPPED_BYTES = 80_000

let service: TestService
beforeAll(async () => {
  service = await seededService()
})
afterAll(() => service.close())

const ask = (path: string, headers: Record<string, string> = {}) => fetch(service.baseUrl + path, { headers })

it('needs no token, and runs and loads nothing but its own', async () => {
  const answer = await ask('/')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  const page = await answer.text()
  expect(page).not.toMatch(/https?:|<script>|<style|style=|\son\w+=/)
  const parts = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
  expect(parts.toSorted()).toEqual(['assets/icon.svg', 'assets/page.js', 'assets/style.css'])
  for (const part of parts) {
    const { status, headers } = await ask(`/${part}`)
    expect(status, part).toBe(200)
    expect(headers.get('content-type'), part).toMatch(
      /^(text\/(javascript|css); charset=utf-8|image\/svg\+xml)$/,
    )
    expect(headers.get('content-security-policy'), part).toBe(policy)
  }
  // The script begins with nothing else, so that nobody waits for the one to learn of the other.
  const script = await (await ask('/assets/page.js')).text()
  expect(script.match(/\b(?:from|import)"\.[^"]*"/g)).toBeNull()
})

it('tells whether signing in is needed', async () => {
  expect(await (await ask('/')).text()).toContain('name="sign-in" content="needed"')
  const open = await serviceForTest({ env: { MODELDEX_NO_AUTH: 'true' } })
  expect(await (await fetch(open.baseUrl)).text()).toContain('name="sign-in" content="off"')
})

it('is kept by clients, and compressed', async () => {
  const { headers } = await ask('/assets/page.js', { 'Accept-Encoding': 'br' })
  expect(headers.get('content-encoding')).toBe('br')
  const etag = headers.get('etag') ?? ''
  const kept = await ask('/assets/page.js', { 'Accept-Encoding': 'br', 'If-None-Match': etag })
  expect(kept.status).toBe(304)
  // A browser would take another policy over, and run nothing.
  expect(kept.headers.get('content-security-policy')).toBe(headers.get('content-security-policy'))
})

it('weighs less than 80 kB gzipped, with all that it loads later', async () => {
  const files = await readPageFiles()
  const sizes = [...files].map(([name, text]) => [name, gzipSync(text).length] as const)
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0)
  expect(total, JSON.stringify(sizes)).toBeLessThan(MAX_GZIPPED_BYTES)
  // Nothing in it asks another host; the namespace of SVG is a name.
  const addresses = [...files.values()].flatMap((text) => text.match(/https?:\/\/[\w.]+/g) ?? [])
  expect(addresses.filter((address) => address !== 'http://www.w3.org')).toEqual([])
})

it.each([
  '/index.html',
  '/assets',
  '/assets/',
  '/assets/index.html',
  '/assets/nothing.js',
  '/assets/..%2findex.html',
  '/assets/..%2f..%2fpackage.json',
  '/assets/page.js/',
  '/assets/__proto__',
])('gives out no other file: %s', async (path) => {
  expect((await ask(path)).status).toBe(404)
})
