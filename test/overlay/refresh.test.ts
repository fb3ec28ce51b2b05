import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type RefreshOptions, refresh } from '../../src/ingest/refresh.ts'
import { seededService } from '../service.ts'
import { fakeUpstream, sends, sendsTagged } from '../source/fake-upstream.ts'
import { upstream, workplace } from './files.ts'

const price = (input: number) => ({ override: { acme: { models: { 'm-1': { cost: { input } } } } } })
const GONE = { acme: { models: { gone: { name: 'Gone' } } } }

function refreshing() {
  const { db, source, write, held } = workplace()
  const run = (from: string, overlay: unknown, options: Partial<RefreshOptions> = {}) =>
    refresh({
      db,
      from,
      overlay: overlay === undefined ? undefined : write('overlay.json', overlay),
      allowShrink: false,
      allowInvalid: false,
      ...options,
    })
  return { db, source, write, held, run }
}

test('a 304 keeps the overlay, and what it reports', async () => {
  const { run, held } = refreshing()
  const { url, requests } = await fakeUpstream(sendsTagged(upstream(), '"one"'))
  const overlay = {
    ...price(2),
    override: { acme: { models: { ...price(2).override.acme.models, ...GONE.acme.models } } },
  }
  const first = await run(url, overlay)
  const again = await run(url, overlay)
  expect(again).toMatchObject({
    unchanged: true,
    version: first.version,
    overlayNotices: first.overlayNotices,
  })
  expect(again.overlayNotices).toEqual([{ what: 'override acme/gone', why: 'upstream has no such model' }])
  expect(requests.at(-1)?.headers['if-none-match']).toBe('"one"')
  expect(held().acme?.models['m-1']?.cost).toMatchObject({ input: 2 })
})

test('under another overlay all of it is asked for', async () => {
  const { run, held } = refreshing()
  const { url, requests } = await fakeUpstream(sendsTagged(upstream(), '"one"'))
  await run(url, price(2))
  expect(await run(url, price(1))).toMatchObject({ unchanged: false, changed: 1 })
  expect(requests.at(-1)?.headers).not.toHaveProperty('if-none-match')
  expect(held().acme?.models['m-1']?.cost).toMatchObject({ input: 1 })
})

test('the guards look at what upstream sent, not at what the overlay leaves of it', async () => {
  const { run, source, write } = refreshing()
  await run(source, undefined)
  expect(await run(source, { allow: ['acme/m-1'] })).toMatchObject({ models: 1, removed: 5 })
  expect(await run(source, undefined)).toMatchObject({ models: 6, added: 0, returned: 5 })
  await run(source, { allow: ['acme/m-1'] })
  const { acme } = upstream()
  write('source.json', { acme: { ...acme, models: { 'm-1': {} } } })
  await expect(run(source, { allow: ['acme/m-1'] })).rejects.toThrow(
    /the source has 1 models and lacks 5 of the 6 in the catalog/,
  )
  const own = { own: { models: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} } } }
  await expect(run(source, { add: own })).rejects.toThrow(/has 1 models and lacks 5 of the 6/)
})

test('a spoilt overlay fails the refresh, and the catalog stays', async () => {
  const { run, source, db, write } = refreshing()
  await run(source, price(2))
  const before = readFileSync(db)
  await expect(run(source, { deny: 1 })).rejects.toMatchObject({ code: 'bad_gateway' })
  expect(readFileSync(db).equals(before)).toBe(true)
  write('source.json', 'no catalog')
  await expect(run(source, price(1))).rejects.toThrow(/is no models\.dev catalog/)
})

test('a running service takes the overlay as it is at each refresh', async () => {
  const { db, write } = workplace()
  const { url } = await fakeUpstream(sends(upstream()))
  write('overlay.json', price(2))
  const service = await seededService({
    db,
    env: {
      MODELDEX_SOURCE: url,
      MODELDEX_OVERLAY: write('overlay.json', price(2)),
      MODELDEX_ADMIN_TOKEN: 'admin',
    },
  })
  try {
    const headers = { authorization: 'Bearer admin' }
    const inputPrice = async () => {
      const answer = await fetch(`${service.baseUrl}/api/v1/inference/catalog/acme/m-1`, { headers })
      return JSON.parse(await answer.text()).cost.input
    }
    expect(await inputPrice()).toBe(2)
    write('overlay.json', { override: { ...price(1).override, other: { models: { gone: null } } } })
    const answer = await fetch(`${service.baseUrl}/api/v1/inference/refresh`, { method: 'POST', headers })
    expect(await answer.json()).toMatchObject({
      outcome: 'updated',
      changed: 1,
      overlay_notices: [{ what: 'override other/gone', why: 'upstream has no such model' }],
    })
    expect(await inputPrice()).toBe(1)
    write('overlay.json', '{"deny":')
    const failed = await fetch(`${service.baseUrl}/api/v1/inference/refresh`, { method: 'POST', headers })
    expect(failed.status).toBe(502)
    expect(await failed.json()).toMatchObject({
      detail: expect.stringMatching(/overlay\.json:1:9: is no JSON/),
    })
    expect(await inputPrice()).toBe(1)
  } finally {
    await service.close()
  }
})
