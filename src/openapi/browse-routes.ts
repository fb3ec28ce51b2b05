import { z } from 'zod'
import { browseQuerySchema, facetsQuerySchema } from '../catalog/browse-params.ts'
import { entryListSchema } from '../catalog/entry.ts'
import { facetsSchema } from '../catalog/facets-answer.ts'
import { FACETS_PATH } from '../http/facets.ts'
import { MODELS_PATH } from '../http/models.ts'
import type { HeaderName } from './headers.ts'
import { JSON_TYPE, keptAnswers, type Route } from './route.ts'

const LIST_HEADERS: HeaderName[] = ['Cache-Control', 'Vary', 'X-Dataset-Version', 'X-Did-You-Mean', 'Link']

export const BROWSE_ROUTES: Route[] = [
  {
    method: 'get',
    path: MODELS_PATH,
    id: 'browseModels',
    tag: 'catalog',
    summary: 'Browse models page by page, or all at once',
    description:
      'More filters and orders than the catalog has. As CSV and NDJSON all matches are sent, row by row.',
    query: browseQuerySchema,
    answers: {
      200: {
        description: 'A page of models, and how many match; or all of them. JSON has an `ETag`.',
        content: {
          [JSON_TYPE]: entryListSchema,
          'text/csv': z.string(),
          'application/x-ndjson': z.string(),
        },
        headers: LIST_HEADERS,
      },
      304: {
        description: 'What `If-None-Match` names is still right; no body.',
        headers: ['ETag', ...LIST_HEADERS],
      },
    },
  },
  {
    method: 'get',
    path: FACETS_PATH,
    id: 'countFacets',
    tag: 'catalog',
    summary: 'What the matches have in common',
    description:
      'Counts by provider, capability, family, status and modality, and histograms of price and context.',
    query: facetsQuerySchema,
    answers: keptAnswers({
      description: 'The counts.',
      content: { [JSON_TYPE]: facetsSchema },
      headers: ['X-Dataset-Version'],
    }),
    example: { path: `${FACETS_PATH}?provider=mistral&family=codestral` },
  },
]
