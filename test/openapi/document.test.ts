import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import examples from '../../src/openapi/examples.json' with { type: 'json' }
import { ROUTES } from '../../src/openapi/routes.ts'
import { projectFiles, ROOT } from '../docs/markdown.ts'
import { seededService, type TestService } from '../service.ts'
import { faultOf } from './check-answer.ts'
import { exampleOptions, shownAnswers } from './examples.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService(exampleOptions)
})
afterAll(() => service.close())

const getDocument = (headers: Record<string, string> = {}) =>
  fetch(`${service.baseUrl}/openapi.json`, { headers })

describe('the description', () => {
  it('is there for everyone, and kept until another version comes', async () => {
    const answer = await getDocument()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.has('x-dataset-version')).toBe(false)
    const plain = { 'Accept-Encoding': 'identity' }
    const etag = (await getDocument(plain)).headers.get('etag') ?? ''
    expect((await getDocument({ ...plain, 'If-None-Match': etag })).status).toBe(304)
  })

  it('is clean to Redocly', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const lint = async (source: string) =>
      (await lintFromString({ source, absoluteRef: '/openapi.json', config })).map(
        ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`,
      )
    const source = await (await getDocument()).text()
    expect(await lint(source)).toEqual([])
    expect(await lint(source.replace('"operationId":"getModel"', '"operationId":"listModels"'))).not.toEqual(
      [],
    )
  })

  it('has every route', () => {
    const served = projectFiles('src/http').flatMap((path) => {
      const source = readFileSync(join(ROOT, path), 'utf8')
      return [...source.matchAll(/_PATH = '(\/[^']*)'/g)].map(([, route = '']) => route)
    })
    const described = ROUTES.map(({ path }) => path.replace(/\/(\{.*|manifest)$/, ''))
    expect(new Set(described)).toEqual(new Set(served))
  })

  it.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'has none that is not there: %s',
    async (_, { method, path, parts = {}, query, body: takes }) => {
      const asked = path.replace(/\{(\w+)\}/g, (_part, name: string) => parts[name]?.example ?? '')
      const answer = await fetch(`${service.baseUrl}${asked}?nothing`, {
        method: method.toUpperCase(),
        headers: { Authorization: 'Bearer for-examples', 'Content-Type': 'application/json' },
        ...(takes && { body: '{}' }),
      })
      const isJson = answer.headers.get('content-type')?.startsWith('application/json')
      const body = isJson ? await answer.text() : ''
      if (query !== undefined) expect(body).toContain('nothing: is no parameter of this route')
      else expect(answer.status).not.toBe(404)
    },
  )

  it('names what the reference names', async () => {
    const { components } = JSON.parse(await (await getDocument()).text())
    expect(Object.keys(components.schemas)).toEqual(
      expect.arrayContaining([
        ...['InferenceCatalogEntry', 'InferenceCatalogListResponse', 'CatalogCost', 'CatalogLimits'],
        ...['CatalogModalities', 'APIErrorPayload', 'ValidationErrorItem'],
      ]),
    )
  })

  it('shows what the seed is answered with', async () => {
    expect(examples).toEqual(await shownAnswers(service))
  })
})

describe('an answer', () => {
  const path = '/api/v1/inference/catalog'
  const given = async (url: string) => {
    const answer = await fetch(service.baseUrl + url, {
      headers: { Authorization: `Bearer ${service.token}` },
    })
    return { method: 'GET', url, status: answer.status, headers: answer.headers, body: await answer.text() }
  }

  it('that is as described passes', async () => {
    expect(faultOf(await given(path))).toBeUndefined()
    expect(faultOf(await given(`${path}/openrouter%2Fanthropic%2Fclaude-sonnet-4.5`))).toBeUndefined()
    expect(faultOf(await given(`${path}?limit=0`))).toBeUndefined()
    expect(faultOf(await given('/nothing'))).toBeUndefined()
  })

  it('with a key too many, too few, or of another type does not', async () => {
    const answer = await given(`${path}?limit=1`)
    const spoilt = (change: (body: Record<string, unknown>) => void) => {
      const body = JSON.parse(answer.body)
      change(body)
      return faultOf({ ...answer, body: JSON.stringify(body) })
    }
    expect(spoilt((body) => Object.assign(body, { more: 1 }))).toContain('additionalProperties')
    expect(spoilt((body) => delete body.total)).toContain('required')
    expect(spoilt((body) => Object.assign(body, { total: '1' }))).toContain('type')
  })

  it('of an unknown status, route or method, or without its headers does not', async () => {
    const answer = await given(path)
    expect(faultOf({ ...answer, status: 201 })).toBe('is not described')
    expect(faultOf({ ...answer, status: 409 })).toBe('is not described')
    expect(faultOf({ ...answer, url: '/api/v1/inference/other' })).toBe('is not described')
    expect(faultOf({ ...answer, method: 'POST' })).toBe('is not described')
    expect(faultOf({ ...answer, headers: new Headers({ etag: 'x' }) })).toContain('X-Dataset-Version')
  })
})
