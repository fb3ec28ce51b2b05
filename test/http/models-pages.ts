import { expect } from 'vitest'
import type { TestService } from '../service.ts'
import { get } from './wire.ts'

export const MODELS = '/api/v1/inference/models'

export interface Page {
  models: { id: string; [key: string]: unknown }[]
  total: number
}

export async function pageOf(service: TestService, query: string): Promise<Page> {
  const answer = await get(service, `${MODELS}?${query}`)
  expect(answer.status, query).toBe(200)
  return (await answer.json()) as Page
}
