import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { accessRules } from '../http/access.ts'
import { ERROR_ANSWERS, errorComponents, errorSchema } from './errors.ts'
import examples from './examples.json' with { type: 'json' }
import { headerComponents, headerReferences, ON_EVERY_ANSWER } from './headers.ts'
import { parametersOf } from './parameters.ts'
import { type Answer, type ErrorStatus, JSON_TYPE, type Route, TAGS } from './route.ts'
import { ROUTES } from './routes.ts'

const INTRODUCTION = `Every \`GET\` route answers \`HEAD\` too, as it would answer \`GET\` but without the body. A path or method that is not
listed here is a 404. A description of one service fits every other of the same version: routes that are switched off by
default, such as SQL, stand here all the same.`

/** Which token a route needs where all that can be switched on is on, and nothing is opened. */
const accessTo = accessRules({ sql: true, openMirror: false, openMetrics: false })

/** Answers by example, by the id of their route; of errors by the name of their component. */
const SHOWN: Record<string, unknown> = examples

/** The OpenAPI description of every route. */
export function openApiDocument() {
  const { schemas, references } = schemaComponents()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route, references) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: packageJson.name,
      version: packageJson.version,
      summary: packageJson.description,
      description: INTRODUCTION,
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas,
      responses: errorComponents(),
      headers: headerComponents(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An issued token.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same token.' },
      },
    },
  }
}

type References = ReadonlyMap<z.ZodType, unknown>

/** All schemas converted at once, so that what two of them share has one name; and what refers to each. */
function schemaComponents(): { schemas: Record<string, unknown>; references: References } {
  const bodies = ROUTES.flatMap(({ body }) => body ?? [])
  const contents = ROUTES.flatMap(({ answers }) => Object.values(answers)).flatMap(({ content = {} }) =>
    Object.values(content).flatMap((schema) => schema ?? []),
  )
  const sent = converted([...contents, errorSchema], 'output')
  const received = converted(bodies, 'input')
  return {
    schemas: { ...sent.schemas, ...received.schemas },
    references: new Map([...sent.references, ...received.references]),
  }
}

function converted(types: readonly z.ZodType[], io: 'input' | 'output') {
  const all = z.object(Object.fromEntries(types.map((type, place) => [String(place), type])))
  const { $defs = {}, properties = {} } = inComponents(z.toJSONSchema(all, { io }))
  return { schemas: $defs, references: new Map(types.map((type, place) => [type, properties[place]])) }
}

/** Points references at where OpenAPI has its schemas. */
function inComponents<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'))
}

function operation(route: Route, references: References) {
  const { method, path, id, tag, summary, description, body, answers } = route
  const example = SHOWN[id]
  const described = Object.entries(answers).map(([status, answer]) => [
    status,
    response(answer, references, status === '200' ? example : undefined),
  ])
  const failed = errorsOf(route).map((status) => [
    status,
    { $ref: `#/components/responses/${ERROR_ANSWERS[status].name}` },
  ])
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: securityOf(method, path),
    parameters: parametersOf(route),
    ...(body && { requestBody: requestBody(route, references.get(body)) }),
    responses: Object.fromEntries([...failed, ...described]),
  }
}

function requestBody({ example }: Route, schema: unknown) {
  const examples = example && { shown: { value: example.body } }
  return { required: true, content: { [JSON_TYPE]: { schema, examples } } }
}

function response({ description, content, headers }: Answer, references: References, example: unknown) {
  const examples = example === undefined ? undefined : { shown: { value: example } }
  return {
    description,
    headers: headerReferences([...headers, ...ON_EVERY_ANSWER]),
    content:
      content &&
      Object.fromEntries(
        Object.entries(content).map(([type, schema]) => [
          type,
          schema === undefined ? {} : { schema: references.get(schema), examples },
        ]),
      ),
  }
}

/** What follows from who may come and what is read, and what the route says itself. */
function errorsOf({ method, path, query, body, isUncounted, errors = [] }: Route): ErrorStatus[] {
  const access = accessTo(method.toUpperCase(), path)
  const statuses = new Set<ErrorStatus>([400, 500, ...errors])
  if (!isUncounted) statuses.add(429)
  if (access !== 'open') for (const status of [401, 426] as const) statuses.add(status)
  if (access === 'sql' || access === 'admin') statuses.add(403)
  if (query !== undefined || body !== undefined) statuses.add(422)
  return [...statuses].sort((a, b) => a - b)
}

function securityOf(method: string, path: string): Record<string, string[]>[] {
  const access = accessTo(method.toUpperCase(), path)
  if (access === undefined) throw new Error(`access.ts does not list ${path}`)
  return access === 'open' ? [] : [{ bearer: [access] }, { apiKey: [access] }]
}
