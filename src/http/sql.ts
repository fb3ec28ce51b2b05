import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { parseNoQuery } from '../catalog/params.ts'
import { AppError, type ValidationItem, validationError } from '../errors.ts'
import type { Handler, RunStatement } from './context.ts'
import { sendJson } from './exchange.ts'

export const SQL_PATH = '/api/v1/inference/sql'

/** Rows of an answer: where the request does not say, and at most. */
const DEFAULT_ROWS = 1_000
const MAX_ROWS = 10_000
/** When to come back after too many queries at once, in seconds. */
const RETRY_AFTER_S = 1

const parameterSchema = z.union([z.string(), z.number(), z.boolean(), z.null()])
const PARAMS_MESSAGE = 'must be a list or an object of texts, numbers, booleans and nulls'
export const statementSchema = z
  .strictObject({
    sql: z
      .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a text') })
      .meta({ description: 'One statement that reads.' }),
    params: z
      .union([z.array(parameterSchema), z.record(z.string(), parameterSchema)], PARAMS_MESSAGE)
      .default([])
      .meta({ description: 'Values for its `?` or `:name`; one that is missing is `NULL`.' }),
    limit: z
      .int('must be an integer')
      .min(1, 'must be at least 1')
      .max(MAX_ROWS, `must be at most ${MAX_ROWS}`)
      .default(DEFAULT_ROWS)
      .meta({ description: 'Most rows to return.' }),
  })
  .meta({ id: 'SqlStatement', description: 'A question in SQL.' })

export const sqlAnswerSchema = z
  .object({
    columns: z.array(z.string()),
    rows: z.array(z.array(z.unknown())).meta({ description: 'Texts, numbers, nulls, and blobs as objects.' }),
    truncated: z.boolean().meta({ description: 'Whether rows were left out.' }),
  })
  .meta({ id: 'SqlAnswer', description: 'The rows of a statement.' })

/** Answers a read-only statement, parsed from JSON, with its rows. */
export function sqlHandler(run: RunStatement): Handler {
  return async (request, response) => {
    const { exchange, target } = response.locals
    parseNoQuery(target.pairs)
    const statement = parseStatement(request.body)
    const { version, text } = await run(statement, untilClosed(response)).catch((error: unknown) => {
      const isBusy = error instanceof AppError && error.code === 'rate_limited'
      if (isBusy) exchange.headers = [...exchange.headers, 'Retry-After', `${RETRY_AFTER_S}`]
      throw error
    })
    sendJson(exchange, version, text)
  }
}

/** A client that goes away takes its query along. */
function untilClosed(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => controller.abort())
  return controller.signal
}

function parseStatement(body: unknown): z.infer<typeof statementSchema> {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new AppError('invalid', 'The body must be a JSON object such as {"sql": "SELECT 1"}')
  }
  const { success, data, error } = statementSchema.safeParse(body)
  if (!success) throw validationError(error.issues.flatMap(itemsOf))
  return data
}

function itemsOf(issue: z.core.$ZodIssue): ValidationItem[] {
  if (issue.code === 'unrecognized_keys') {
    const msg = 'is no key of this body'
    return issue.keys.map((key) => ({ loc: ['body', key], msg, type: 'extra_forbidden' }))
  }
  return [{ loc: ['body', String(issue.path[0])], msg: issue.message, type: itemType(issue) }]
}

function itemType(issue: z.core.$ZodIssue): ValidationItem['type'] {
  if (issue.code === 'too_small') return 'greater_than_equal'
  if (issue.code === 'too_big') return 'less_than_equal'
  if (issue.path[0] === 'limit') return 'int_parsing'
  if (issue.path[0] === 'params') return 'list_type'
  return issue.message === 'is missing' ? 'missing' : 'string_type'
}
