import { expect } from 'vitest'
import { seededService, type TestService } from '../service.ts'

export interface Answer {
  status: number
  headers: Headers
  body: { models: Entry[]; total: number; detail: string; type: string; code: number; errors?: Fault[] }
}

interface Entry {
  id: string
  provider: string
  [key: string]: unknown
}

interface Fault {
  loc: string[]
  msg: string
  type: string
}

/** Asks the catalog's list, its query string as written. */
export type Ask = (query: string) => Promise<Answer>

/** Serves a catalog for the length of a test file. */
export async function serveForTests(catalog?: object): Promise<{ ask: Ask; service: TestService }> {
  const service = await seededService(catalog === undefined ? {} : { catalog })
  const ask: Ask = async (query) => {
    const response = await fetch(`${service.baseUrl}/api/v1/inference/catalog${query}`, {
      headers: { authorization: `Bearer ${service.token}` },
    })
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Answer['body'],
    }
  }
  return { ask, service }
}

/** The ids of the page, after checking that the request was answered. */
export function idsOf({ status, body }: Answer): string[] {
  expect(status, JSON.stringify(body)).toBe(200)
  return body.models.map(({ id }) => id)
}
