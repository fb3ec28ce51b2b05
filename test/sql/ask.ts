import { z } from 'zod'
import type { TestService } from '../service.ts'

const bodySchema = z.looseObject({
  columns: z.array(z.string()).optional(),
  rows: z.array(z.array(z.unknown())).optional(),
  truncated: z.boolean().optional(),
  detail: z.string().optional(),
})

export interface Answer {
  status: number
  headers: Headers
  body: z.infer<typeof bodySchema>
}

/** Sends one statement over HTTP. */
export async function ask(
  { baseUrl, token }: Pick<TestService, 'baseUrl' | 'token'>,
  body: unknown,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(`${baseUrl}/api/v1/inference/sql`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: {
      'Content-Type': 'application/json',
      ...(token !== '' && { Authorization: `Bearer ${token}` }),
      ...init.headers,
    },
  })
  return {
    status: response.status,
    headers: response.headers,
    body: bodySchema.parse(await response.json()),
  }
}
