import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_ANSWERS } from '../../src/openapi/errors.ts'
import type { Example } from '../../src/openapi/route.ts'
import { ROUTES } from '../../src/openapi/routes.ts'
import { type ServiceOptions, seededService, type TestService } from '../service.ts'

/** `npm run openapi:examples` writes the examples of `/openapi.json` anew, from the seed. */

const FILE = join(import.meta.dirname, '../../src/openapi/examples.json')

export const exampleOptions: ServiceOptions = {
  env: { MODELDEX_ADMIN_TOKEN: 'for-examples', MODELDEX_TOKEN: 'for-reading', MODELDEX_SQL: 'true' },
  now: () => new Date('2026-10-01T12:00:00Z'),
}

/** What each shown request is answered with: by the id of its route, or by the name of the error it brings about. */
export async function shownAnswers({ baseUrl }: TestService): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {}
  const ask = async (method: string, { path, body }: Example, token: string | undefined) => {
    const answer = await fetch(baseUrl + path, {
      method,
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return answer.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text
  }
  for (const { id, method, example } of ROUTES) {
    if (example === undefined) continue
    answers[id] = await ask(method.toUpperCase(), example, 'for-examples')
    if (Object.hasOwn(Object(answers[id]), 'detail')) throw new Error(`${id} shows a failure`)
  }
  for (const { name, shown } of Object.values(ERROR_ANSWERS)) {
    if (typeof shown === 'string') continue
    answers[name] = await ask('GET', shown, shown.isAnonymous ? undefined : 'for-examples')
  }
  return answers
}

if (import.meta.main) {
  const service = await seededService(exampleOptions)
  writeFileSync(FILE, `${JSON.stringify(await shownAnswers(service), null, 2)}\n`)
  await service.close()
}
