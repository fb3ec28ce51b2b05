import { afterEach, expect } from 'vitest'
import { isDescribed } from '../described.ts'

/**
 * Holds every answer that a test gets by `fetch` from a service it started against the OpenAPI description. Here, so
 * that no test can forget it.
 */
const plainFetch = globalThis.fetch
const faults: string[] = []

globalThis.fetch = async (input, init) => {
  const response = await plainFetch(input, init)
  const request = input instanceof Request ? input : undefined
  const url = new URL(request?.url ?? String(input))
  if (!isDescribed(url.origin)) return response
  const { faultOf } = await import('./check-answer.ts')
  const method = (init?.method ?? request?.method ?? 'GET').toUpperCase()
  const { status, headers } = response
  const isRead = headers.get('content-type')?.startsWith('application/json') ?? false
  const body = isRead ? await response.clone().text() : undefined
  const fault = faultOf({ method, url: url.pathname + url.search, status, headers, body })
  if (fault !== undefined) faults.push(`${method} ${url.pathname}${url.search}: ${status} ${fault}`)
  return response
}

afterEach(() => {
  expect(faults.splice(0), 'answers other than /openapi.json describes them').toEqual([])
})
