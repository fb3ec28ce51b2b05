import { afterAll, beforeAll, expect, it } from 'vitest'
import { openForWriting, withDatabase } from '../../src/db/open.ts'
import { seededService, type TestService } from '../service.ts'
import { get, LIST } from './wire.ts'

const MODELS = {
  'cafe-zwölf': { id: 'cafe-zwölf', name: 'Café, 100 % & more' },
  'claude-opus': { id: 'claude-opus', name: 'Claude Opus' },
}

let service: TestService
beforeAll(async () => {
  service = await seededService({ catalog: { acme: { id: 'acme', models: MODELS } } })
})
afterAll(() => service.close())

async function ask(query: string, init?: RequestInit) {
  const { status, headers } = await get(service, `${LIST}?${query}`, init)
  return { status, header: headers.get('x-did-you-mean'), etag: headers.get('etag') }
}

it('percent-encodes what it suggests', async () => {
  expect(await ask(`query=${encodeURIComponent('claude opsu')}`)).toMatchObject({
    status: 200,
    header: 'claude%20opus',
  })
  const { header } = await ask(`query=${encodeURIComponent('cafe-zwöfl')}`)
  expect(header).toMatch(/^[!-~]+$/)
  expect(header?.split(',').map(decodeURIComponent)).toEqual(['cafe-zwölf'])
  const odd = await ask(`query=${encodeURIComponent('"cluade", 💥')}`)
  expect(odd.header?.split(',').map(decodeURIComponent)).toEqual(['"claude",'])
})

it('answers HEAD and If-None-Match with it, and leaves the body alone', async () => {
  const { header, etag } = await ask('query=cluade')
  expect(header).toBe('claude')
  expect(await (await get(service, `${LIST}?query=cluade`)).text()).toBe('{"models":[],"total":0}')
  expect(await ask('query=cluade', { method: 'HEAD' })).toEqual({ status: 200, header, etag })
  const ifNoneMatch = { headers: { 'If-None-Match': etag ?? '' } }
  expect(await ask('query=cluade', ifNoneMatch)).toEqual({ status: 304, header, etag })
})

it('is absent where it has nothing to say, and empty in a 304 that takes back what was kept', async () => {
  const none = await ask('query=xqzvbk')
  expect(none).toMatchObject({ status: 200, header: null })
  const ifNoneMatch = { headers: { 'If-None-Match': none.etag ?? '' } }
  expect(await ask('query=xqzvbk', ifNoneMatch)).toMatchObject({ status: 304, header: '' })
  for (const query of ['query=claude', 'provider=nobody', '', 'limit=0&query=cluade'])
    expect((await ask(query)).header, query).toBeNull()
  expect(await ask('query=claude', { headers: { 'If-None-Match': '*' } })).toMatchObject({ header: null })
})

it('follows the file', async () => {
  expect((await ask('query=cluade')).header).toBe('claude')
  withDatabase(openForWriting(service.db), (db) => {
    db.exec("DELETE FROM word; INSERT INTO word_near(word_near) VALUES ('delete-all')")
    db.exec("UPDATE dataset SET version = 'another'")
  })
  expect((await ask('query=cluade')).header).toBeNull()
})
