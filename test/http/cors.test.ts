import { describe, expect, it } from 'vitest'
import { bearer, get, LIST, serviceForTest } from './wire.ts'

const ORIGIN = 'https://app.example'
const PREFLIGHT = {
  Origin: ORIGIN,
  'Access-Control-Request-Method': 'GET',
  'Access-Control-Request-Headers': 'authorization',
}

describe('switched on for one origin', () => {
  it('answers a preflight without a token', async () => {
    const { baseUrl } = await serviceForTest({ env: { MODELDEX_CORS_ORIGINS: ORIGIN } })
    const answer = await fetch(baseUrl + LIST, { method: 'OPTIONS', headers: PREFLIGHT })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(answer.headers.get('access-control-allow-headers')).toContain('Authorization')
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET,HEAD')
    expect(answer.headers.get('access-control-max-age')).toBe('600')
  })

  it('takes an OPTIONS that is no preflight for any other method', async () => {
    const service = await serviceForTest({ env: { MODELDEX_CORS_ORIGINS: ORIGIN } })
    const { baseUrl, token } = service
    for (const headers of [{ Origin: ORIGIN }, { 'Access-Control-Request-Method': 'GET' }]) {
      expect((await fetch(baseUrl + LIST, { method: 'OPTIONS', headers })).status).toBe(401)
      const answer = await fetch(baseUrl + LIST, {
        method: 'OPTIONS',
        headers: { ...headers, ...bearer(token) },
      })
      expect(answer.status).toBe(404)
    }
  })

  it('lets its pages read answers and failures', async () => {
    const service = await serviceForTest({ env: { MODELDEX_CORS_ORIGINS: `https://b.example,${ORIGIN}` } })
    for (const path of [`${LIST}?limit=1`, `${LIST}?limit=0`]) {
      const { headers } = await get(service, path, { headers: { Origin: ORIGIN } })
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
      expect(headers.get('access-control-expose-headers')).toBe(
        'ETag,Link,X-Request-Id,X-Dataset-Version,X-Dataset-Date,X-Did-You-Mean,Retry-After,RateLimit,RateLimit-Policy',
      )
      expect(headers.get('vary')).toContain('Origin')
    }
    const stranger = await get(service, `${LIST}?limit=1`, { headers: { Origin: 'https://other.example' } })
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull()
    expect(stranger.headers.get('vary')).toBe('Accept-Encoding, Authorization, X-API-Key, Origin')
  })
})

it('can be switched on for every origin', async () => {
  const service = await serviceForTest({ env: { MODELDEX_CORS_ORIGINS: '*' } })
  const { headers } = await get(service, LIST, { headers: { Origin: ORIGIN } })
  expect(headers.get('access-control-allow-origin')).toBe('*')
})

it('is off unless told', async () => {
  const service = await serviceForTest()
  const answer = await fetch(service.baseUrl + LIST, {
    method: 'OPTIONS',
    headers: { ...PREFLIGHT, ...bearer(service.token) },
  })
  expect(answer.status).toBe(404)
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
})
