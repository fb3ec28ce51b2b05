import type { z } from 'zod'
import type { Estimate } from '../../src/catalog/estimate-answer.ts'
import type { ValidationItem } from '../../src/errors.ts'
import type { estimatesSchema } from '../../src/http/estimate.ts'
import type { TestService } from '../service.ts'

interface Answer {
  status: number
  headers: Headers
  /** An estimate, several, or a failure: whatever a test then finds in it. */
  body: Estimate & z.infer<typeof estimatesSchema> & Failure
}

interface Failure {
  detail: string
  type: string
  errors: ValidationItem[]
}

export async function get(service: TestService, query: string): Promise<Answer> {
  const response = await fetch(`${service.baseUrl}/api/v1/inference/estimate?${query}`, {
    headers: { authorization: `Bearer ${service.token}` },
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  }
}

export async function post(service: TestService, body: unknown, query = '', headers = {}): Promise<Answer> {
  const response = await fetch(`${service.baseUrl}/api/v1/inference/estimate${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  }
}
