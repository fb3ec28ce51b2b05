import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { bearer, expectEnvelope, get, LIST, sendRaw, serviceForTest } from './wire.ts'

/** The list of the product's published reference: nothing else may ever be sent as `type`. */
const REFERENCE_TYPES =
  `already_exists_error app_error authentication_error conflict_error aws_error configuration_error
  database_error dynamodb_error e2b_error e2b_rate_limit_error expired_signature_error expired_token_error forbidden_error
  group_error invalid_error invalid_flag_error invalid_username_error mail_error member_exists_error
  member_limit_exceeded_error migration_lock_timeout_error not_found_error oauth_config_error
  org_sandbox_capacity_exceeded_error bad_gateway_error gateway_timeout_error s3_error server_error task_error
  stripe_error token_error upgrade_required_error usage_limit_exceeded_error user_verification_error
  validation_error`.split(/\s+/)

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_MIN_CLIENT_VERSION: '1.2.0' } })
})
afterAll(() => service.close())

const OLD = { 'X-Client-Version': '1.1.9' }

describe('every failure has the envelope', () => {
  it.each<[name: string, path: string, init: RequestInit, code: number, type: string]>([
    ['bad percent in the query', `${LIST}?query=%zz`, {}, 400, 'invalid_error'],
    ['bad percent in a name', `${LIST}?%ff=1`, {}, 400, 'invalid_error'],
    ['bad percent in the path', `${LIST}/openai/%C3%28`, {}, 400, 'invalid_error'],
    ['a surrogate in percent', `${LIST}/openai/%ED%A0%80`, {}, 400, 'invalid_error'],
    ['bad percent on an unknown route', '/api/nowhere?x=%', {}, 400, 'invalid_error'],
    ['bad percent outside the API', '/nowhere/%E0%A4', {}, 400, 'invalid_error'],
    ['too many pairs', `${LIST}?${'limit=1&'.repeat(101)}`, {}, 400, 'invalid_error'],
    ['a contradictory range', `${LIST}?min_context=2&max_context=1`, {}, 400, 'invalid_error'],
    ['no credentials', LIST, { headers: { Authorization: '' } }, 401, 'token_error'],
    ['an unknown token', LIST, { headers: bearer('mdx_unknown') }, 401, 'authentication_error'],
    ['a malformed token', LIST, { headers: bearer('two words') }, 401, 'token_error'],
    ['an unknown route', '/api/v1/inference/nowhere', {}, 404, 'not_found_error'],
    ['an unknown path outside the API', '/nowhere', {}, 404, 'not_found_error'],
    ['the catalog with a slash', `${LIST}/`, {}, 404, 'not_found_error'],
    ['the catalog in capitals', LIST.toUpperCase(), {}, 404, 'not_found_error'],
    ['a provider without a model', `${LIST}/openai`, {}, 404, 'not_found_error'],
    ['a provider with an empty model', `${LIST}/openai/`, {}, 404, 'not_found_error'],
    ['an empty provider', `${LIST}//gpt-4o`, {}, 404, 'not_found_error'],
    ['an unknown model', `${LIST}/openai/nothing`, {}, 404, 'not_found_error'],
    ['POST', LIST, { method: 'POST', body: '{}' }, 404, 'not_found_error'],
    ['DELETE', `${LIST}/openai/gpt-4o`, { method: 'DELETE' }, 404, 'not_found_error'],
    ['OPTIONS', LIST, { method: 'OPTIONS' }, 404, 'not_found_error'],
    ['a bad parameter', `${LIST}?limit=0`, {}, 422, 'validation_error'],
    ['an unknown parameter', `${LIST}?limits=1`, {}, 422, 'validation_error'],
    ['an unknown parameter of a model', `${LIST}/openai/gpt-4o?limit=1`, {}, 422, 'validation_error'],
    ['an old client', LIST, { headers: OLD }, 426, 'upgrade_required_error'],
  ])('%s', async (_name, path, init, code, type) => {
    const answer = await get(service, path, init)
    expectEnvelope(answer, await answer.text(), code, type)
    expect(REFERENCE_TYPES).toContain(type)
    expect(answer.headers.get('x-dataset-version')).toBeNull()
    expect(answer.headers.get('etag')).toBeNull()
  })

  it('and to HEAD the same headers without it', async () => {
    const answer = await get(service, `${LIST}?limit=0`, { method: 'HEAD' })
    expect(answer.status).toBe(422)
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(50)
    expect(await answer.text()).toBe('')
  })

  it('names every fault of a request at once', async () => {
    const answer = await get(service, `${LIST}?limits=1&limit=x&featured=maybe`)
    const body = expectEnvelope(answer, await answer.text(), 422, 'validation_error')
    expect(body.errors.map((item: { loc: string[] }) => item.loc)).toEqual([
      ['query', 'limit'],
      ['query', 'featured'],
      ['query', 'limits'],
    ])
  })
})

describe('checks come in order', () => {
  const everything = `${LIST}/openai/nothing?limits=1&x=%zz`
  it('rate limit, then credentials, client version, URL, parameters, model', async () => {
    const limited = await serviceForTest({
      env: { MODELDEX_MIN_CLIENT_VERSION: '1.2.0', MODELDEX_RATE_LIMIT: '5' },
    })
    const status = async (path: string, headers: Record<string, string>) =>
      (await fetch(limited.baseUrl + path, { headers })).status
    const auth = bearer(limited.token)
    expect(await status(everything, { ...OLD })).toBe(401)
    expect(await status(everything, { ...auth, ...OLD })).toBe(426)
    expect(await status(everything, auth)).toBe(400)
    expect(await status(`${LIST}/openai/nothing?limits=1`, auth)).toBe(422)
    expect(await status(`${LIST}/openai/nothing`, auth)).toBe(404)
    expect(await status(`${LIST}/openai?limits=1`, auth)).toBe(404)
    expect(await status(everything, { ...auth, ...OLD })).toBe(429)
  })

  it('a route that does not exist is not told to strangers', async () => {
    const answer = await fetch(`${service.baseUrl}/api/nowhere`)
    expectEnvelope(answer, await answer.text(), 401, 'authentication_error')
  })
})

describe('client version', () => {
  const agent = (version: string) => ({ 'User-Agent': `dreadnode-sdk/${version} python/3.13` })
  it.each<[name: string, headers: Record<string, string>, status: number]>([
    ['absent', {}, 200],
    ['equal', { 'X-Client-Version': '1.2.0' }, 200],
    ['newer', { 'X-Client-Version': '1.10.0' }, 200],
    ['older', { 'X-Client-Version': '1.1.99' }, 426],
    ['a prerelease of the minimum', { 'X-Client-Version': '1.2.0-rc.1' }, 426],
    ['unreadable', { 'X-Client-Version': 'latest' }, 200],
    ['a newer agent', agent('2.0.0'), 200],
    ['an older agent', agent('1.0.0'), 426],
    ['an unreadable agent', agent('dev'), 200],
    ['another agent', { 'User-Agent': 'curl/0.1.0' }, 200],
    ['an older agent, a newer header', { ...agent('1.0.0'), 'X-Client-Version': '1.2.0' }, 200],
    ['an older agent, an unreadable header', { ...agent('1.0.0'), 'X-Client-Version': 'x' }, 200],
    ['an older agent, a blank header', { ...agent('1.0.0'), 'X-Client-Version': ' ' }, 426],
  ])('%s', async (_name, headers, status) => {
    const answer = await get(service, `${LIST}?limit=1`, { headers })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('upgrade')).toBe(status === 426 ? 'modeldex-client/1.2.0' : null)
    await answer.text()
  })
})

describe('URLs', () => {
  const ask = (target: string, headers = '') =>
    sendRaw(
      service.baseUrl,
      `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}Authorization: Bearer ${service.token}\r\nConnection: close\r\n\r\n`,
    )

  it.each([
    ['raw', `${LIST}/openrouter/anthropic/claude-sonnet-4.5`],
    ['encoded in the model', `${LIST}/openrouter/anthropic%2Fclaude-sonnet-4.5`],
    ['encoded everywhere', `${LIST}/openrouter%2Fanthropic%2fclaude%2Dsonnet-4.5`],
    ['in absolute form', `http://elsewhere.example${LIST}/openrouter/anthropic/claude-sonnet-4.5`],
    ['with empty segments in the query', `${LIST}/openrouter/anthropic/claude-sonnet-4.5?&&`],
  ])('find a model: %s', async (_name, target) => {
    const { status, body } = await ask(target)
    expect(status).toBe(200)
    expect(JSON.parse(body).id).toBe('openrouter/anthropic/claude-sonnet-4.5')
  })

  it.each([
    ['dots are text', `${LIST}/openai/x/../gpt-4o`, 404],
    ['encoded dots are text', `${LIST}/openai/%2e%2e/openai/gpt-4o`, 404],
    ['encoded twice is another text', `${LIST}/openrouter/anthropic%252Fclaude-sonnet-4.5`, 404],
    ['a blank is not trimmed', `${LIST}/openai/gpt-4o%20`, 404],
    ['UTF-8 that is not encoded', `${LIST}?query=\xc3\xa9t\xc3\xa0`, 400],
    ['UTF-8 that is', `${LIST}?query=%c3%a9t%C3%A0`, 200],
    ['a fragment', `${LIST}#top`, 400],
    ['an asterisk', '*', 404],
    ['a host that is none', 'http://[bad/nowhere', 404],
    ['a plus is a blank', `${LIST}?query=%20+gpt+`, 200],
    ['100 pairs and empty ones', `${LIST}?${'limit=1&&'.repeat(100)}`, 200],
  ])('%s', async (_name, target, status) => {
    expect((await ask(target)).status).toBe(status)
  })

  it('a request to upgrade is answered as any other', async () => {
    const { status } = await ask(`${LIST}?limit=1`, 'Upgrade: websocket\r\n')
    expect(status).toBe(200)
  })
})
