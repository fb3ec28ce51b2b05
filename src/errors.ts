/** What every failure is called inside, and what the wire calls it: HTTP status and the reference's `type`. */
export const ERRORS = {
  invalid: { status: 400, type: 'invalid_error' },
  unauthenticated: { status: 401, type: 'authentication_error' },
  token_expired: { status: 401, type: 'expired_token_error' },
  token_malformed: { status: 401, type: 'token_error' },
  forbidden: { status: 403, type: 'forbidden_error' },
  not_found: { status: 404, type: 'not_found_error' },
  conflict: { status: 409, type: 'conflict_error' },
  validation: { status: 422, type: 'validation_error' },
  upgrade_required: { status: 426, type: 'upgrade_required_error' },
  rate_limited: { status: 429, type: 'usage_limit_exceeded_error' },
  internal: { status: 500, type: 'server_error' },
  database: { status: 500, type: 'database_error' },
  bad_gateway: { status: 502, type: 'bad_gateway_error' },
  gateway_timeout: { status: 504, type: 'gateway_timeout_error' },
} as const satisfies Record<string, { status: number; type: string }>

export type ErrorCode = keyof typeof ERRORS

/** One fault of a request: where it is, what is wrong, and the field's usual name for it. */
export interface ValidationItem {
  loc: readonly string[]
  msg: string
  type: ValidationType
}

export const VALIDATION_TYPES = [
  'int_parsing',
  'float_parsing',
  'finite_number',
  'bool_parsing',
  'greater_than_equal',
  'less_than_equal',
  'string_too_long',
  'string_pattern_mismatch',
  'extra_forbidden',
  'missing',
  'string_type',
  'list_type',
  'dict_type',
] as const
export type ValidationType = (typeof VALIDATION_TYPES)[number]

/** A failure with a public code. Its message is shown to clients as `detail`; the cause never is. */
export class AppError extends Error {
  readonly code: ErrorCode
  /** The single faults behind a `validation` error. */
  readonly items: readonly ValidationItem[] | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; items?: readonly ValidationItem[] } = {},
  ) {
    // What a client did wrong says all there is to know; looking where in the program that showed takes longer than the
    // answer.
    const limit = Error.stackTraceLimit
    if (ERRORS[code].status < 500) Error.stackTraceLimit = 0
    super(message, { cause: options.cause })
    Error.stackTraceLimit = limit
    this.name = 'AppError'
    this.code = code
    this.items = options.items
  }
}

/** The program was called wrongly: the command line prints the message and exits 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Whether the system refused something for that reason, such as `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** All faults of a request in one error; `detail` is every `name: msg`, joined by `; `. */
export function validationError(items: readonly ValidationItem[]): AppError {
  return new AppError('validation', items.map((item) => `${item.loc.at(-1)}: ${item.msg}`).join('; '), {
    items,
  })
}
