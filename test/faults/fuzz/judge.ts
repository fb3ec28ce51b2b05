import { ERRORS } from '../../../src/errors.ts'
import { faultOf } from '../../openapi/check-answer.ts'
import type { HostileRequest } from './requests.ts'
import type { Answer } from './wire.ts'

const CODES = new Map<unknown, Set<string>>()
for (const { status, type } of Object.values(ERRORS))
  CODES.set(status, (CODES.get(status) ?? new Set()).add(type))

/** Tells what is wrong with an answer to a hostile request; undefined: nothing. */
export function wrongWith({ sound }: HostileRequest, answer: Answer): string | undefined {
  const { status, headers } = answer
  if (status >= 500) return `status ${status}: ${text(answer)}`
  if (!headers.has('x-request-id')) return 'no X-Request-Id'
  // Which route it came to, if any, is not known; how errors look there is.
  if (sound === undefined) return status < 400 ? undefined : errorFault(answer)
  // What the parser refuses has come to no route.
  if (status === 400 && headers.get('connection') === 'close') return envelopeFault('GET', answer)
  const fault =
    status >= 400 && sound.url.startsWith('/api/') ? envelopeFault(sound.method, answer) : undefined
  // Which scope a path needs is told before whether it is there.
  if (fault !== undefined || status === 403) return fault
  return faultOf({ ...sound, status, headers, body: isJson(answer) ? text(answer) : undefined })
}

/** Other people's formats have their own. */
function errorFault(answer: Answer): string | undefined {
  if (answer.body.length === 0) return undefined
  const fault = envelopeFault('GET', answer)
  if (fault === undefined || !isJson(answer)) return fault
  const { error } = JSON.parse(text(answer))
  return typeof error?.message === 'string' ? undefined : fault
}

function envelopeFault(method: string, answer: Answer): string | undefined {
  // Statuses that are not the contract's own, such as that of a range which is not there, have no body.
  const isBare = method === 'HEAD' || !CODES.has(answer.status)
  if (isBare) return answer.body.length === 0 ? undefined : `a body, to ${method} with ${answer.status}`
  if (!isJson(answer)) return `an error of type ${answer.headers.get('content-type')}`
  const { code, detail, type, errors, ...more } = JSON.parse(text(answer))
  const isSound =
    code === answer.status &&
    typeof detail === 'string' &&
    detail !== '' &&
    CODES.get(code)?.has(type) === true
  const hasErrors = code === 422 ? Array.isArray(errors) && errors.length > 0 : errors === undefined
  return isSound && hasErrors && Object.keys(more).length === 0
    ? undefined
    : `not in the envelope: ${text(answer)}`
}

function isJson({ headers }: Answer): boolean {
  return (
    headers.get('content-type')?.startsWith('application/json') === true && !headers.has('content-encoding')
  )
}

function text({ body }: Answer): string {
  return body.toString('utf8')
}
