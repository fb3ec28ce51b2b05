import { entryListSchema, entrySchema } from '../catalog/entry.ts'
import { atQuerySchema, listQuerySchema } from '../catalog/params.ts'
import { CATALOG_PATH } from '../http/catalog.ts'
import { JSON_TYPE, keptAnswers, type Route } from './route.ts'

export const MODEL_PARTS = {
  provider: { description: 'Who serves the model.', example: 'anthropic' },
  model_id: {
    description:
      "The provider's id of it. Slashes may stand in it, raw or percent-encoded; letter case counts.",
    example: 'claude-opus-4-8',
  },
}

export const CATALOG_ROUTES: Route[] = [
  {
    method: 'get',
    path: CATALOG_PATH,
    id: 'listModels',
    tag: 'catalog',
    summary: 'Browse models',
    description: 'By text, provider, capabilities, price, context window and open weights.',
    query: listQuerySchema,
    answers: keptAnswers({
      description: 'A page of models, and how many match.',
      content: { [JSON_TYPE]: entryListSchema },
      headers: ['X-Dataset-Version', 'X-Dataset-Date', 'X-Did-You-Mean'],
    }),
    errors: [404],
    example: { path: `${CATALOG_PATH}?query=kimi+k3&capabilities=reasoning,tool_call&limit=1` },
  },
  {
    method: 'get',
    path: `${CATALOG_PATH}/{provider}/{model_id}`,
    id: 'getModel',
    tag: 'catalog',
    summary: 'One model',
    description: 'Or a 404 that says what may have been meant.',
    parts: MODEL_PARTS,
    query: atQuerySchema,
    answers: keptAnswers({
      description: 'The model.',
      content: { [JSON_TYPE]: entrySchema },
      headers: ['X-Dataset-Version', 'X-Dataset-Date'],
    }),
    errors: [404],
    example: { path: `${CATALOG_PATH}/anthropic/claude-opus-4-8` },
  },
]
