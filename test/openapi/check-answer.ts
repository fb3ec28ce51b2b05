import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { z } from 'zod'
import { openApiDocument } from '../../src/openapi/document.ts'

/** An answer as it came; the body is left out where it was not read. */
export interface Given {
  method: string
  /** As asked for, still encoded. */
  url: string
  status: number
  headers: Headers
  body: string | undefined
}

const responseSchema = z.object({
  headers: z.record(z.string(), z.object({ $ref: z.string() })).default({}),
  content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })).optional(),
})
type Described = z.infer<typeof responseSchema>

const documentSchema = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        responses: z.record(z.string(), z.union([z.object({ $ref: z.string() }), responseSchema])),
      }),
    ),
  ),
  components: z.looseObject({
    responses: z.record(z.string(), responseSchema),
    headers: z.record(z.string(), z.looseObject({ required: z.boolean() })),
  }),
})

/** What a path or method that no route has may be answered with. */
const ELSEWHERE = new Set([400, 401, 404, 426, 429])
/** What the validator calls the named schemas. */
const SCHEMAS = 'components.json'
const CATALOG = '/api/v1/inference/catalog'
const OPENAI_MODEL = '/v1/models/{id}'

/** Holds an answer against the description; says what is wrong with it, or nothing. */
export function faultOf(given: Given): string | undefined {
  // Whether a page may ask is between the browser and the service.
  if (given.method === 'OPTIONS' && given.status === 204) return undefined
  // OpenAPI has no place for a method that a path does not have.
  if (given.status === 405 && given.headers.has('allow')) return undefined
  const described = responseFor(given)
  if (described === undefined) return 'is not described'
  const missing = Object.entries(described.headers)
    .filter(([name, { $ref }]) => isRequired($ref) && !given.headers.has(name))
    .map(([name]) => name)
  if (missing.length > 0) return `lacks ${missing.join(', ')}`
  return bodyFault(given, described)
}

function responseFor({ method, url, status }: Given): Described | undefined {
  const { paths } = description().document
  const path = pathOf(url)
  const found = description().templates.find(({ pattern }) => path !== undefined && pattern.test(path))
  const operation = found && paths[found.path]?.[method === 'HEAD' ? 'get' : method.toLowerCase()]
  const nearest = url.startsWith('/v1/') ? OPENAI_MODEL : CATALOG
  const elsewhere = ELSEWHERE.has(status) ? paths[nearest]?.get : undefined
  const response = (operation ?? elsewhere)?.responses[status]
  if (response === undefined || !('$ref' in response)) return response
  return description().document.components.responses[nameOf(response.$ref)]
}

/** The decoded path; undefined where it cannot be decoded. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(url.replace(/[?#].*/s, ''))
  } catch {
    return undefined
  }
}

function bodyFault({ method, headers, body }: Given, { content }: Described): string | undefined {
  if (content === undefined || method === 'HEAD') return body ? 'has a body' : undefined
  const type = headers.get('content-type')?.replace(/;.*/s, '') ?? ''
  const described = content[type]
  if (described === undefined) return `is of type ${type}`
  if (described.schema === undefined || body === undefined || !type.endsWith('json')) return undefined
  const isValid = validatorOf(described.schema)
  return isValid(JSON.parse(body)) ? undefined : JSON.stringify(isValid.errors?.slice(0, 3))
}

function isRequired(reference: string): boolean {
  return description().document.components.headers[nameOf(reference)]?.required === true
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

let made: ReturnType<typeof readDescription> | undefined
function description() {
  made ??= readDescription()
  return made
}

function readDescription() {
  const whole = openApiDocument()
  const document = documentSchema.parse(JSON.parse(JSON.stringify(whole)))
  const templates = Object.keys(document.paths).map((path) => ({ path, pattern: patternOf(path) }))
  // Those with fewer parts that stand for others come first.
  templates.sort((a, b) => a.path.split('{').length - b.path.split('{').length)
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true })
  addFormats.default(ajv)
  ajv.addSchema(withDefs({ $id: SCHEMAS, $defs: whole.components.schemas }, ''))
  return { document, templates, ajv }
}

/** Only the last part of a path may hold slashes. */
function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part, place, all) => {
    if (!part.startsWith('{')) return RegExp.escape(part)
    return place === all.length - 1 ? '.+' : '[^/]+'
  })
  return new RegExp(`^${parts.join('/')}$`, 's')
}

const validators = new Map<string, ValidateFunction>()

function validatorOf(schema: unknown): ValidateFunction {
  const text = JSON.stringify(schema)
  const known = validators.get(text)
  if (known !== undefined) return known
  const made = description().ajv.compile(withDefs(schema, SCHEMAS))
  validators.set(text, made)
  return made
}

/** Components as JSON Schema knows them: under `$defs`, of the schema of that name. */
function withDefs(schema: unknown, id: string): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', `"${id}#/$defs/`))
}
