import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scope } from '../../src/http/scopes.ts'
import { newToken, updateTokenFile } from '../../src/http/token-file.ts'
import { seededService, type TestService } from '../service.ts'
import { bearer, expectEnvelope, LIST, serviceForTest } from './wire.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService({
    env: { MODELDEX_TOKEN: 'brought/along==', MODELDEX_ADMIN_TOKEN: 'the-other' },
  })
})
afterAll(() => service.close())

const ask = (headers: Record<string, string>, { baseUrl } = service) =>
  fetch(`${baseUrl}${LIST}?limit=1`, { headers })

/** Adds a token to a running service's file. */
async function issue(
  { dir }: TestService,
  name: string,
  scope: Scope = 'read',
  expires?: Date,
): Promise<string> {
  const { text, record } = newToken(name, scope, new Date(), expires)
  await updateTokenFile(join(dir, 'tokens.json'), (records) => [...records, record])
  return text
}

const GOOD = 'brought/along=='
const UNKNOWN = ['authentication_error', 'Authentication failed']
const MALFORMED = ['token_error', 'Malformed bearer token']

describe('credentials that pass', () => {
  it.each<[name: string, headers: Record<string, string>]>([
    ['bearer', bearer(GOOD)],
    ['the other one', bearer('the-other')],
    ['bearer in any letter case', { Authorization: `bEaReR ${GOOD}` }],
    ['bearer after several blanks', { Authorization: `Bearer   ${GOOD}` }],
    ['an API key', { 'X-API-Key': GOOD }],
    ['an API key beside Basic', { 'X-API-Key': GOOD, Authorization: 'Basic dTpw' }],
    ['an API key beside an empty Authorization', { 'X-API-Key': GOOD, Authorization: '' }],
    ['bearer beside another API key', { ...bearer(GOOD), 'X-API-Key': 'wrong' }],
    ['bearer beside a blank API key', { ...bearer(GOOD), 'X-API-Key': ' ' }],
  ])('%s', async (_name, headers) => {
    const answer = await ask(headers)
    expect(answer.status).toBe(200)
    await answer.text()
  })
})

describe('credentials that do not', () => {
  it.each<[name: string, headers: Record<string, string>, expected: string[]]>([
    ['none', {}, UNKNOWN],
    ['a blank API key', { 'X-API-Key': '  ' }, UNKNOWN],
    ['an unknown token', bearer('mdx_x'), UNKNOWN],
    ['a token in another letter case', bearer(GOOD.toUpperCase()), UNKNOWN],
    ['an unknown API key', { 'X-API-Key': 'mdx_x' }, UNKNOWN],
    ['an API key that is no token', { 'X-API-Key': `Bearer ${GOOD}` }, UNKNOWN],
    ['an unknown bearer beside a good API key', { ...bearer('mdx_x'), 'X-API-Key': GOOD }, UNKNOWN],
    ['an empty Authorization', { Authorization: '' }, MALFORMED],
    ['Basic', { Authorization: 'Basic dTpw' }, MALFORMED],
    ['a scheme that begins like bearer', { Authorization: `BearerX ${GOOD}` }, MALFORMED],
    ['bearer without a token', { Authorization: 'Bearer' }, MALFORMED],
    [
      'bearer without a token, beside a good API key',
      { Authorization: 'Bearer', 'X-API-Key': GOOD },
      MALFORMED,
    ],
    ['two tokens', bearer(`${GOOD} ${GOOD}`), MALFORMED],
    ['a token in quotes', bearer(`"${GOOD}"`), MALFORMED],
    ['a token after a tab', { Authorization: `Bearer\t${GOOD}` }, MALFORMED],
    ['padding only', bearer('=='), MALFORMED],
  ])('%s', async (_name, headers, [type = '', detail]) => {
    const answer = await ask(headers)
    const body = expectEnvelope(answer, await answer.text(), 401, type)
    expect(body.detail).toBe(detail)
  })
})

describe('issued tokens', () => {
  it('of every scope may read', async () => {
    for (const scope of ['read', 'sql', 'admin'] as const) {
      const token = await issue(service, `for-${scope}`, scope)
      expect((await ask(bearer(token))).status).toBe(200)
    }
  })

  it('are refused once they are past their expiry', async () => {
    let now = new Date('2026-10-01T00:00:00Z')
    const moved = await serviceForTest({ now: () => now })
    const token = await issue(moved, 'short', 'read', new Date('2026-10-02T00:00:00Z'))
    expect((await ask(bearer(token), moved)).status).toBe(200)
    now = new Date('2026-10-02T00:00:00Z')
    const answer = await ask({ 'X-API-Key': token }, moved)
    const body = expectEnvelope(answer, await answer.text(), 401, 'expired_token_error')
    expect(body.detail).toBe('Token expired')
    expect((await ask(bearer(moved.token), moved)).status).toBe(200)
  })

  it('are refused once they are revoked, without a restart', async () => {
    const running = await serviceForTest()
    const token = await issue(running, 'brief')
    expect((await ask(bearer(token), running)).status).toBe(200)
    await updateTokenFile(join(running.dir, 'tokens.json'), (records) =>
      records.filter(({ name }) => name !== 'brief'),
    )
    const answer = await ask(bearer(token), running)
    expectEnvelope(answer, await answer.text(), 401, 'authentication_error')
    rmSync(join(running.dir, 'tokens.json'))
    expect((await ask(bearer(running.token), running)).status).toBe(401)
  })

  it('let nobody in while their file cannot be read, and everybody again afterwards', async () => {
    const running = await serviceForTest()
    const file = join(running.dir, 'tokens.json')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.slice(0, -10))
    for (const _attempt of [1, 2]) {
      const answer = await ask(bearer(running.token), running)
      const body = expectEnvelope(answer, await answer.text(), 500, 'server_error')
      expect(body.detail).not.toContain(running.dir)
    }
    expect((await ask({}, running)).status).toBe(401)
    writeFileSync(file, text)
    chmodSync(file, 0o600)
    expect((await ask(bearer(running.token), running)).status).toBe(200)
  })
})

describe('at the first start', () => {
  it('makes one token, keeps its hash only, and lets nobody else read the file', async () => {
    const fresh = await serviceForTest()
    const file = join(fresh.dir, 'tokens.json')
    expect(fresh.token).toMatch(/^mdx_[A-Za-z0-9_-]{43}$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain(fresh.token.slice(4, 20))
    expect(JSON.parse(text).tokens).toMatchObject([{ name: 'default', scope: 'read', expires_at: null }])
    expect(readFileSync(fresh.db).includes(fresh.token)).toBe(false)
  })

  it('makes none where the environment brings one', () => {
    expect(readFileSync(join(service.dir, 'tokens.json'), 'utf8')).not.toContain('"default"')
  })
})

it('without authentication everything passes, whatever is presented', async () => {
  const open = await serviceForTest({ env: { MODELDEX_NO_AUTH: '1' } })
  expect(open.token).toBe('')
  for (const headers of [{}, bearer('mdx_x'), { Authorization: 'Basic' }]) {
    expect((await ask(headers, open)).status).toBe(200)
  }
})
