import { z } from 'zod'
import type { Route } from './route.ts'

/** The parameters of a route: the parts of its path, then those of its query in the order of their schema. */
export function parametersOf({ parts = {}, query }: Route): Record<string, unknown>[] {
  return [
    ...Object.entries(parts).map(([name, { description, example }]) => ({
      name,
      in: 'path',
      required: true,
      description,
      schema: { type: 'string' },
      example,
    })),
    ...(query === undefined ? [] : queryParameters(query)),
  ]
}

/** A query's texts are read by transforms. What they take stands in their metadata, and goes over what zod sees. */
function queryParameters(query: z.ZodObject): Record<string, unknown>[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(query.shape).map(([name, schema]) => {
    const said = { ...asObject(properties[name]), ...z.globalRegistry.get(schema) }
    const { description, required: isSaid, ...keywords } = said
    // As its reader has it where it is not given: a list is empty.
    const required = isSaid === true || !schema.safeParse(keywords.type === 'array' ? [] : undefined).success
    return { name, in: 'query', required, description, schema: keywords }
  })
}

function asObject(schema: unknown): Record<string, unknown> {
  return typeof schema === 'object' && schema !== null ? { ...schema } : {}
}
