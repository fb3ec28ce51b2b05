import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { PreparedAnswer } from '../../src/http/answer.ts'
import { answerCache, MAX_CACHE_BYTES, MAX_SEEN } from '../../src/http/answer-cache.ts'
import { newToken, updateTokenFile } from '../../src/http/token-file.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { bearer, LIST, sendRaw, serviceForTest } from './wire.ts'

const ONE = { acme: { models: { one: { name: 'One' } } } }
const TWO = { acme: { models: { one: { name: 'One' }, two: { name: 'Two' } } } }

async function totalOf(url: string, token: string): Promise<number> {
  const answer = await fetch(url, { headers: bearer(token) })
  return ((await answer.json()) as { total: number }).total
}

it('never answers without credentials, and never repeats a refusal', async () => {
  const { baseUrl, token, dir } = await serviceForTest({ catalog: ONE })
  const url = `${baseUrl}${LIST}?limit=7`
  const status = async (headers: Record<string, string>) => {
    const answer = await fetch(url, { headers })
    await answer.text()
    return answer.status
  }
  expect(await status({})).toBe(401)
  expect(await status(bearer(token))).toBe(200)
  expect(await status(bearer(token))).toBe(200)
  expect(await status({})).toBe(401)
  expect(await status(bearer('mdx_guess'))).toBe(401)
  const other = newToken('other', 'read', new Date())
  await updateTokenFile(join(dir, 'tokens.json'), () => [other.record])
  expect(await status(bearer(token))).toBe(401)
  expect(await status(bearer(other.text))).toBe(200)
})

it('stands behind the rate limit and the client version', async () => {
  const env = { MODELDEX_RATE_LIMIT: '3', MODELDEX_MIN_CLIENT_VERSION: '2.0.0' }
  const { baseUrl, token } = await serviceForTest({ catalog: ONE, env })
  const seen: number[] = []
  for (const version of ['2.0.0', '1.0.0', '2.0.0', '2.0.0']) {
    const answer = await fetch(`${baseUrl}${LIST}`, {
      headers: { ...bearer(token), 'X-Client-Version': version },
    })
    await answer.text()
    seen.push(answer.status)
  }
  expect(seen).toEqual([200, 426, 200, 429])
})

it('repeats nothing but GET and HEAD, byte for byte and coding for coding', async () => {
  const { baseUrl, token } = await serviceForTest({ catalog: ONE })
  const url = `${baseUrl}${LIST}?query=one`
  const ask = async (method: string, coding: string) => {
    const answer = await fetch(url, { method, headers: { ...bearer(token), 'Accept-Encoding': coding } })
    const { status, headers } = answer
    const sent = Object.fromEntries(
      [...headers].filter(([name]) => !/^(date|ratelimit|connection|keep-alive|x-request-id)$/.test(name)),
    )
    return { status, sent, body: await answer.text() }
  }
  for (const coding of ['identity', 'gzip', 'br']) {
    const first = await ask('GET', coding)
    expect(await ask('GET', coding)).toEqual(first)
    expect(await ask('HEAD', coding)).toEqual({ ...first, body: '' })
    expect(first.sent['content-encoding']).toBe(coding === 'identity' ? undefined : coding)
  }
  expect((await ask('POST', 'identity')).status).toBe(404)
  expect((await fetch(`${url}&query=%zz`, { headers: bearer(token) })).status).toBe(400)
})

it('answers requests sent at once in their order, and closes when told', async () => {
  const { baseUrl, token } = await serviceForTest({ catalog: ONE })
  const ask = (rest: string, version = '1.1') =>
    `GET ${LIST}${rest} HTTP/${version}\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`
  const close = 'Connection: close\r\n\r\n'
  for (const _time of ['asked first', 'asked again']) {
    const all = `${ask('?query=one')}\r\n${ask('/acme/one')}\r\n${ask('?query=two')}\r\n${ask('?limit=0')}${close}`
    const { status, headers, body } = await sendRaw(baseUrl, all)
    expect({ status, connection: headers.get('connection') }).toEqual({
      status: 200,
      connection: 'keep-alive',
    })
    const found = [...body.matchAll(/"total":(\d)|"id":"acme\/one"|"code":422/g)].map(([text]) => text)
    expect(found).toEqual(['"id":"acme/one"', '"total":1', '"id":"acme/one"', '"total":0', '"code":422'])
    // Who speaks HTTP/1.0 expects the connection to be closed.
    const old = await sendRaw(baseUrl, `${ask('?query=one', '1.0')}\r\n`)
    expect({ status: old.status, connection: old.headers.get('connection') }).toEqual({
      status: 200,
      connection: 'close',
    })
    expect(JSON.parse(old.body)).toMatchObject({ total: 1 })
  }
})

it('never outlives its catalog, whoever changes it', async () => {
  const { baseUrl, token, db, dir } = await serviceForTest({ catalog: ONE })
  const url = `${baseUrl}${LIST}`
  expect([await totalOf(url, token), await totalOf(url, token)]).toEqual([1, 1])
  const source = join(dir, 'two.json')
  writeFileSync(source, JSON.stringify(TWO))
  await ingest({ db, from: source })
  expect([await totalOf(url, token), await totalOf(url, token)]).toEqual([2, 2])
  // Another file under the same name.
  const aside = join(dir, 'aside.db')
  writeFileSync(source, JSON.stringify(ONE))
  await ingest({ db: aside, from: source })
  for (const suffix of ['-wal', '-shm']) rmSync(db + suffix, { force: true })
  renameSync(aside, db)
  expect(await totalOf(url, token)).toBe(1)
})

it('sends what it keeps as it was sent at first, whatever characters are in it', async () => {
  const name = 'Ünïcödé – 通义千问 \u{1F600}'
  const models = Object.fromEntries(Array.from({ length: 60 }, (_, place) => [`m${place}`, { name }]))
  const { baseUrl, token } = await serviceForTest({ catalog: { acme: { models } } })
  // A short one, which is kept as a text, and one that is too long for that.
  for (const path of ['/acme/m1', '?limit=60']) {
    for (const coding of ['identity', 'gzip', 'br']) {
      const ask = async () => {
        const headers = { ...bearer(token), 'Accept-Encoding': coding }
        const answer = await fetch(`${baseUrl}${LIST}${path}`, { headers })
        return { length: answer.headers.get('content-length'), body: Buffer.from(await answer.arrayBuffer()) }
      }
      const first = await ask()
      expect(first.body.toString()).toContain(name)
      if (coding === 'identity') expect(first.length).toBe(`${first.body.length}`)
      expect([await ask(), await ask()]).toEqual([first, first])
    }
  }
})

/** A cache of a catalog whose state and turn of the event loop are told. */
function cacheForTest() {
  let state = 0
  let turn = 0
  let looks = 0
  const look = () => {
    looks++
    return state
  }
  const cache = answerCache({ state: look }, () => turn)
  return {
    ...cache,
    /** Asks for it twice, for it is kept from then on. */
    keep(url: string, bytes: number) {
      for (const _request of [1, 2]) cache.fill(url, undefined, () => answer(bytes))
    },
    commit: () => state++,
    nextTurn: () => turn++,
    looks: () => looks,
  }
}

function answer(bytes: number): PreparedAnswer {
  return { etag: '"e"', headers: [], freshHeaders: [], body: Buffer.alloc(bytes) }
}

it('never grows past its bound, and drops what was longest not asked for', () => {
  const cache = cacheForTest()
  cache.keep('/first', 1_000)
  for (let index = 0; index < 2_000; index++) {
    cache.keep(`/${index}`, 20_000)
    expect(cache.find('/first', undefined)).toBeDefined()
    expect(cache.size()).toBeLessThanOrEqual(MAX_CACHE_BYTES)
  }
  expect(cache.find('/0', undefined)).toBeUndefined()
  expect(cache.find('/1999', undefined)).toBeDefined()
  expect(cache.find('/1999', 'gzip')).toBeUndefined()
  // An answer larger than the bound stays for nobody.
  cache.keep('/huge', MAX_CACHE_BYTES + 1)
  expect(cache.size()).toBeLessThanOrEqual(MAX_CACHE_BYTES)
  expect(cache.find('/huge', undefined)).toBeUndefined()
  cache.keep('/again', 10)
  cache.commit()
  cache.nextTurn()
  expect(cache.find('/again', undefined)).toBeUndefined()
  expect(cache.size()).toBe(0)
})

it('looks at the catalog once a turn, after each search, and not for what it does not have or keep', () => {
  const cache = cacheForTest()
  expect(cache.find('/one', undefined)).toBeUndefined()
  cache.fill('/once', undefined, () => answer(1))
  expect(cache.looks()).toBe(0)
  cache.keep('/one', 1)
  expect(cache.looks()).toBe(1)
  cache.nextTurn()
  for (const _request of [1, 2, 3]) cache.find('/one', undefined)
  expect(cache.looks()).toBe(2)
  cache.keep('/two', 1)
  expect(cache.looks()).toBe(3)
  cache.commit()
  expect(cache.find('/two', undefined)).toBeUndefined()
  expect(cache.looks()).toBe(4)
})

it('keeps what is asked for a second time, as long as it remembers the first', () => {
  const cache = cacheForTest()
  const ask = (url: string) => cache.fill(url, undefined, () => answer(1_000))
  ask('/once')
  expect(cache.size()).toBe(0)
  ask('/once')
  expect(cache.find('/once', undefined)).toBeDefined()
  ask('/long-ago')
  for (let index = 0; index < 2 * MAX_SEEN; index++) ask(`/${index}`)
  const size = cache.size()
  ask('/long-ago')
  expect(cache.size()).toBe(size)
})
