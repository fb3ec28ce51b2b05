import { z } from 'zod'
import { ERRORS, VALIDATION_TYPES } from '../errors.ts'
import examples from './examples.json' with { type: 'json' }
import { type HeaderName, headerReferences, ON_EVERY_ANSWER } from './headers.ts'
import { type ErrorStatus, type Example, JSON_TYPE } from './route.ts'

const itemSchema = z
  .object({
    loc: z.array(z.string()).meta({ description: 'Where it is, such as `["query", "limit"]`.' }),
    msg: z.string(),
    type: z.enum(VALIDATION_TYPES),
  })
  .meta({ id: 'ValidationErrorItem', description: 'One fault of a request.' })

const TYPES = Object.values(ERRORS)

export const errorSchema = z
  .object({
    code: z
      .literal([...new Set(TYPES.map(({ status }) => status))])
      .meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'What is wrong, for people.' }),
    type: z.enum(TYPES.map(({ type }) => type)),
    errors: z.array(itemSchema).optional().meta({ description: 'All faults; there on 422 only.' }),
  })
  .meta({ id: 'APIErrorPayload', description: 'Every failure under `/api/`, whatever raised it.' })

interface ErrorAnswer {
  /** What its component is called. */
  name: string
  description: string
  headers?: readonly HeaderName[]
  /** A request that is answered so, or the `detail` of an answer that none brings about by itself. */
  shown: (Example & { isAnonymous?: true }) | string
}

const LIST = '/api/v1/inference/catalog'

export const ERROR_ANSWERS: Record<ErrorStatus, ErrorAnswer> = {
  400: {
    name: 'Invalid',
    description: 'A range that holds nothing, a URL that cannot be decoded, HTTP the parser refuses.',
    shown: { path: `${LIST}?min_price=5&max_price=1` },
  },
  401: {
    name: 'Unauthenticated',
    description: 'No token, or one that is unknown, revoked, expired or malformed.',
    headers: ['WWW-Authenticate'],
    shown: { path: LIST, isAnonymous: true },
  },
  403: {
    name: 'Forbidden',
    description: 'A good token without the scope that the route needs.',
    shown: 'This needs a token of scope admin; this one has read',
  },
  404: {
    name: 'NotFound',
    description: 'No such model, time or route.',
    shown: { path: `${LIST}/openai/gpt-6` },
  },
  409: {
    name: 'Conflict',
    description: 'A refresh is running already, or what is served is a snapshot.',
    shown: 'A refresh is already running',
  },
  422: {
    name: 'NotValid',
    description: 'Parameters of the wrong type, out of bounds or unknown: all of them at once.',
    shown: { path: `${LIST}?limit=500&limt=5` },
  },
  426: {
    name: 'UpgradeRequired',
    description: 'The client states a version below the configured minimum.',
    headers: ['Upgrade'],
    shown: 'Client version 0.9.0 is below the minimum 1.0.0',
  },
  429: {
    name: 'TooManyRequests',
    description: 'Over the rate limit, or more at once than the route takes.',
    headers: ['Retry-After'],
    shown: 'Too many requests: try again in 60 s',
  },
  500: {
    name: 'ServerError',
    description: 'Anything nobody foresaw, or a catalog file that cannot be read.',
    shown: 'Internal server error',
  },
  502: {
    name: 'BadGateway',
    description: 'The source answered badly, or too much of it is missing or does not parse.',
    shown: 'https://models.dev/api.json answered 503',
  },
  504: {
    name: 'GatewayTimeout',
    description: 'The source did not answer in time.',
    shown: 'https://models.dev/api.json did not answer within 60 s',
  },
}

const SHOWN: Record<string, unknown> = examples

export function errorComponents(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(ERROR_ANSWERS).map(([code, { name, description, headers = [], shown }]) => {
      const status = Number(code)
      const types = new Set(TYPES.filter((error) => error.status === status).map(({ type }) => type))
      const [type] = types
      const schema = {
        allOf: [
          { $ref: '#/components/schemas/APIErrorPayload' },
          {
            type: 'object',
            properties: { code: { const: status }, type: { enum: [...types] } },
            ...(status === 422 && { required: ['errors'] }),
          },
        ],
      }
      const example = typeof shown === 'string' ? { code: status, detail: shown, type } : SHOWN[name]
      return [
        name,
        {
          description,
          headers: headerReferences(['Cache-Control', ...headers, ...ON_EVERY_ANSWER]),
          content: { [JSON_TYPE]: { schema, examples: { shown: { value: example } } } },
        },
      ]
    }),
  )
}
