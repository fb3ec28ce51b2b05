import { parseNoQuery } from '../catalog/params.ts'
import { answerPreparer, sendAnswer } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { chooseCoding } from './encoding.ts'

export const DATASET_PATH = '/api/v1/inference/dataset'

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
    })
    sendAnswer(exchange, prepare({ version, body }, chooseCoding(request.headers['accept-encoding'])))
  }
}
