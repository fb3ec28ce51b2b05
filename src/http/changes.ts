import type { z } from 'zod'
import { parseNoQuery } from '../catalog/params.ts'
import { AppError } from '../errors.ts'
import { type ChangesPage, type changeListSchema, listChanges } from '../history/changes.ts'
import { parseChangesQuery } from '../history/params.ts'
import { lastState } from '../history/states.ts'
import { answerSender } from './answer.ts'
import { atomFeed } from './atom.ts'
import type { AppContext, Handler } from './context.ts'
import { modelOf } from './model-path.ts'
import type { Target } from './target.ts'

export const CHANGES_PATH = '/api/v1/inference/changes'
export const FEED_PATH = '/api/v1/inference/changes.atom'
export const MODELS_PATH = '/api/v1/inference/history'
/** Everything below: which part of it is the provider only shows once it is decoded. */
export const HISTORY_PATH = /^\/api\/v1\/inference\/history\/./

const ATOM_TYPE = 'application/atom+xml; charset=utf-8'

export interface ChangesHandlers {
  list: Handler
  feed: Handler
  model: Handler
}

/** The routes that tell what changed. */
export function changesHandlers({ catalog, config }: AppContext): ChangesHandlers {
  const answer = answerSender(config)

  return {
    list(_request, response) {
      const { exchange, target } = response.locals
      const query = parseChangesQuery(target.pairs)
      const found = catalog.read((db, version) => ({ version, body: pageText(listChanges(db, query)) }))
      answer(exchange, found)
    },

    feed(_request, response) {
      const { exchange, target } = response.locals
      const query = parseChangesQuery(target.pairs)
      const { limit: _, cursor: __, ...filters } = query
      const found = catalog.read((db, version) => {
        const page = listChanges(db, query)
        const next = page.nextCursor === null ? undefined : feedUrl(target, page.nextCursor)
        const head = { filters, updated: lastState(db).at, self: feedUrl(target), next }
        return { version, body: atomFeed(page, head) }
      })
      answer(exchange, found, ATOM_TYPE)
    },

    async model(_request, response) {
      const { exchange, target } = response.locals
      const [provider, modelId] = modelOf(target.path, MODELS_PATH)
      parseNoQuery(target.pairs)
      // Loaded here, so that no start waits for what reads whole models back.
      const { modelHistory } = await import('../history/model.ts')
      const found = catalog.read((db, version) => {
        const history = modelHistory(db, provider, modelId)
        return history && { version, body: JSON.stringify(history) }
      })
      // What is not there at all: the catalog says so, and which ids may have been meant.
      if (found === undefined) catalog.get(provider, modelId)
      if (found === undefined) throw new AppError('not_found', `No history of ${provider}/${modelId}`)
      answer(exchange, found)
    },
  }
}

function pageText({ changes, nextCursor }: ChangesPage): string {
  return JSON.stringify({
    changes: changes.map(({ number: _, ...change }) => change),
    next_cursor: nextCursor,
  } satisfies z.infer<typeof changeListSchema>)
}

/** The feed as it was asked for, or its page at a cursor. */
function feedUrl({ pairs }: Target, cursor?: string): string {
  const query = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value]))
  if (cursor !== undefined) query.set('cursor', cursor)
  return query.size > 0 ? `${FEED_PATH}?${query}` : FEED_PATH
}
