import type { AppError, ErrorCode } from '../errors.ts'

/** What OpenAI calls the failures that its clients tell apart: `type` and `code`. */
const NAMES: Partial<Record<ErrorCode, readonly [type: string, code: string]>> = {
  unauthenticated: ['invalid_request_error', 'invalid_api_key'],
  token_expired: ['invalid_request_error', 'invalid_api_key'],
  token_malformed: ['invalid_request_error', 'invalid_api_key'],
  forbidden: ['invalid_request_error', 'insufficient_permissions'],
  rate_limited: ['requests', 'rate_limit_exceeded'],
  internal: ['server_error', 'server_error'],
  database: ['server_error', 'server_error'],
}

const ROOT = '/v1/'
const MODELS = '/v1/models/'

/** Whether those who ask for this path read OpenAI's errors. */
export function speaksOpenAi(path: string): boolean {
  return path.startsWith(ROOT)
}

/** A failure as the text of an answer's body, in OpenAI's form. */
export function openAiError(path: string, { code }: AppError, message: string): string {
  const isModel = code === 'not_found' && path.startsWith(MODELS)
  const [type, name] = NAMES[code] ?? ['invalid_request_error', isModel ? 'model_not_found' : null]
  return JSON.stringify({ error: { message, type, param: isModel ? 'model' : null, code: name } })
}
