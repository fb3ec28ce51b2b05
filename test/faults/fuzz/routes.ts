import { z } from 'zod'

/** A route of the service, as its description tells. */
export interface Route {
  method: string
  /** With `{name}` where a part is the client's. */
  path: string
  /** Names of what a query may have. */
  parameters: string[]
  takesBody: boolean
}

/** What requests are made of. */
export interface Arms {
  routes: readonly Route[]
  token: string
  /** Ids that exist. */
  ids: readonly string[]
}

const describedSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
        requestBody: z.unknown().optional(),
      }),
    ),
  ),
})

/** All that a service describes of itself. */
export function routesOf(description: unknown): Route[] {
  const { paths } = describedSchema.parse(description)
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters, requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      takesBody: requestBody !== undefined,
    })),
  )
}
