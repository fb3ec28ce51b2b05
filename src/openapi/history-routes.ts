import { z } from 'zod'
import { changeListSchema } from '../history/changes.ts'
import { modelHistorySchema } from '../history/model.ts'
import { changesQuerySchema } from '../history/params.ts'
import { CHANGES_PATH, FEED_PATH, MODELS_PATH } from '../http/changes.ts'
import { MODEL_PARTS } from './catalog-routes.ts'
import { JSON_TYPE, keptAnswers, NO_QUERY, type Route } from './route.ts'

const FILTERS = 'provider=openai&model=gpt-5.6&field=cost.input'

export const HISTORY_ROUTES: Route[] = [
  {
    method: 'get',
    path: CHANGES_PATH,
    id: 'listChanges',
    tag: 'history',
    summary: 'What changed',
    description: 'The newest first. Pages stay as they are when more changes come.',
    query: changesQuerySchema,
    answers: keptAnswers({
      description: 'A page of changes.',
      content: { [JSON_TYPE]: changeListSchema },
      headers: ['X-Dataset-Version'],
    }),
    example: { path: `${CHANGES_PATH}?${FILTERS}` },
  },
  {
    method: 'get',
    path: FEED_PATH,
    id: 'followChanges',
    tag: 'history',
    summary: 'What changed, as a feed',
    description: 'Needs no token where `MODELDEX_OPEN_MIRROR` is set.',
    query: changesQuerySchema,
    answers: keptAnswers({
      description: 'An Atom 1.0 feed.',
      content: { 'application/atom+xml': z.string() },
      headers: ['X-Dataset-Version'],
    }),
    example: { path: `${FEED_PATH}?${FILTERS}` },
  },
  {
    method: 'get',
    path: `${MODELS_PATH}/{provider}/{model_id}`,
    id: 'getModelHistory',
    tag: 'history',
    summary: "A model's prices, limits and status over time",
    parts: MODEL_PARTS,
    query: NO_QUERY,
    answers: keptAnswers({
      description: 'The oldest first; of a model that is gone, too.',
      content: { [JSON_TYPE]: modelHistorySchema },
      headers: ['X-Dataset-Version'],
    }),
    errors: [404],
    example: { path: `${MODELS_PATH}/github-copilot/gemini-2.5-pro` },
  },
]
