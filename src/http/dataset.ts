import { z } from 'zod'
import { parseNoQuery } from '../catalog/params.ts'
import { answerPreparer, sendAnswer } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { chooseCoding } from './encoding.ts'

export const DATASET_PATH = '/api/v1/inference/dataset'

const instant = z.iso.datetime()
const count = z.int().nonnegative()

export const datasetSchema = z
  .object({
    version: z.string().meta({ description: 'The dataset version.' }),
    source: z.string().meta({ description: '`seed`, a file, a URL without credentials, or `snapshot`.' }),
    fetched_at: instant.meta({ description: 'When it was last fetched or read.' }),
    age_seconds: count,
    providers: count,
    models: count,
    set_aside: count.meta({ description: 'Entries of the source that did not parse.' }),
    schema_version: count.meta({ description: 'Of the catalog file.' }),
    last_attempt: z
      .object({
        at: instant,
        outcome: z.enum(['updated', 'unchanged', 'failed']),
        error: z.object({ type: z.string(), detail: z.string() }).nullable(),
      })
      .nullable()
      .meta({ description: 'How the last refresh went, of whichever process.' }),
    next_refresh: instant.nullable().meta({ description: 'By schedule.' }),
  })
  .meta({ id: 'Dataset', description: 'What is served, and how old it is.' })

/** Answers what is served, how old it is, and how the last refresh went. */
export function datasetHandler({ catalog, config, refresh, now }: AppContext): Handler {
  // It tells an age: a client that kept the answer would be told a wrong one.
  const prepare = answerPreparer({ ...config, maxAge: undefined })
  return (request, response) => {
    const { exchange, target } = response.locals
    parseNoQuery(target.pairs)
    const { version, source, fetchedAt, providers, models, setAside, schemaVersion } = catalog.dataset()
    const body = JSON.stringify({
      version,
      source,
      fetched_at: fetchedAt,
      age_seconds: Math.max(0, Math.floor((now().getTime() - Date.parse(fetchedAt)) / 1000)),
      providers,
      models,
      set_aside: setAside,
      schema_version: schemaVersion,
      last_attempt: refresh.lastAttempt() ?? null,
      next_refresh: refresh.next()?.toISOString() ?? null,
    } satisfies z.infer<typeof datasetSchema>)
    sendAnswer(exchange, prepare({ version, body }, chooseCoding(request.headers['accept-encoding'])))
  }
}
