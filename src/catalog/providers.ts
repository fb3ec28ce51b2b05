import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { fold } from '../db/search-text.ts'
import { textParameter } from './param-kinds.ts'
import { givenOf, type QueryPair, readParameters } from './params.ts'
import { PARTIES } from './standing.ts'

const countSchema = z.int().nonnegative()

const providerSchema = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    env: z
      .array(z.string())
      .meta({ description: 'The environment variables that hold its credentials, in upstream’s order.' }),
    doc: z.string().nullable().meta({ description: 'Where it documents its models.' }),
    npm: z.string().nullable().meta({ description: 'The npm package that speaks to it.' }),
    api: z.string().nullable().meta({ description: 'The base URL, where upstream has it.' }),
    party: z.enum(PARTIES).nullable().meta({
      description: 'A maker of models, a well-known host, or another; null where it serves no model.',
    }),
    makes: z.array(z.string()).meta({ description: 'The labs whose models it makes.' }),
    models: countSchema,
    featured: countSchema.meta({ description: 'How many of its models are of the curated set.' }),
    open_weights: countSchema.meta({ description: 'How many of its models have open weights.' }),
    free: countSchema.meta({
      description: 'How many have 0 as input and output price; subscriptions include theirs so, too.',
    }),
  })
  .meta({ id: 'CatalogProvider', description: 'Who serves models, and what it takes to use them.' })

export const providersSchema = z
  .object({ providers: z.array(providerSchema), total: countSchema })
  .meta({ id: 'CatalogProviders', description: 'Providers by id.' })

export type Provider = z.infer<typeof providerSchema>

export const providersQuerySchema = z.object({
  query: textParameter('Text that the id or the name holds; letter case does not count.'),
})

/** @throws AppError `validation` with all faults at once */
export function parseProvidersQuery(pairs: readonly QueryPair[]): z.infer<typeof providersQuerySchema> {
  const { given, unknown } = givenOf(pairs, providersQuerySchema.keyof().options)
  return readParameters(providersQuerySchema, given, [], unknown)
}

interface Row extends Omit<Provider, 'env' | 'makes' | 'party'> {
  env: string
  makes: string
  party: number | null
}

/** All of them by id. Every model is counted: keep what it answers while the catalog stays as it is. */
export function readProviders(db: Database): Provider[] {
  const rows = db
    .prepare<[], Row>(
      `WITH served AS (
         SELECT m.provider, count(*) AS models, count(e.featured) AS featured, sum(m.open_weights IS 1) AS open_weights,
                sum(i.usd_per_mtok IS 0 AND o.usd_per_mtok IS 0) AS free, min(e.party) AS party,
                json_group_array(DISTINCT e.lab) FILTER (WHERE e.party = 0) AS makes
         FROM model m CROSS JOIN entry e ON e.id = m.pk
         LEFT JOIN cost_set i ON i.id = m.costs AND i.kind = 'input'
         LEFT JOIN cost_set o ON o.id = m.costs AND o.kind = 'output'
         GROUP BY m.provider
       )
       SELECT p.id, p.name, p.doc, p.npm, p.api, s.party, coalesce(s.makes, '[]') AS makes,
              coalesce(s.models, 0) AS models, coalesce(s.featured, 0) AS featured,
              coalesce(s.open_weights, 0) AS open_weights, coalesce(s.free, 0) AS free,
              (SELECT json_group_array(v.name ORDER BY v.position) FROM provider_env v WHERE v.provider = p.id) AS env
       FROM provider p LEFT JOIN served s ON s.provider = p.id
       ORDER BY p.id`,
    )
    .all()
  return rows.map(({ id, name, env, doc, npm, api, party, makes, ...counts }) => ({
    id,
    name,
    env: JSON.parse(env),
    doc,
    npm,
    api,
    party: party === null ? null : (PARTIES[party] ?? 'other'),
    makes: JSON.parse(makes).toSorted(),
    models: counts.models,
    featured: counts.featured,
    open_weights: counts.open_weights,
    free: counts.free,
  }))
}

/** Those whose id or name holds a text, compared as search does; all of them without one. */
export function matchingProviders(providers: readonly Provider[], query: string | undefined): Provider[] {
  const text = fold(query ?? '')
  return providers.filter(({ id, name }) => fold(id).includes(text) || fold(name ?? '').includes(text))
}
