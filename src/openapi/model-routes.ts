import { z } from 'zod'
import { entrySchema } from '../catalog/entry.ts'
import { estimateSchema } from '../catalog/estimate-answer.ts'
import { estimateBodySchema, estimateQuerySchema } from '../catalog/estimate-params.ts'
import { offersSchema } from '../catalog/offers.ts'
import { providersQuerySchema, providersSchema } from '../catalog/providers.ts'
import { rankingQuerySchema } from '../catalog/ranking-params.ts'
import { matchesSchema } from '../catalog/resolve.ts'
import { resolveQuerySchema } from '../catalog/resolve-params.ts'
import { furtherDetailSchema } from '../formats/full-detail.ts'
import { ESTIMATE_PATH, estimatesSchema } from '../http/estimate.ts'
import { ESTIMATES_PATH, rankingSchema } from '../http/estimates.ts'
import { MODELS_PATH } from '../http/models.ts'
import { OFFERED_PATH } from '../http/offers.ts'
import { PROVIDERS_PATH } from '../http/providers.ts'
import { RESOLVE_PATH } from '../http/resolve.ts'
import { MODEL_PARTS } from './catalog-routes.ts'
import { JSON_TYPE, keptAnswers, momentaryAnswers, NO_QUERY, type Route } from './route.ts'

const detailSchema = entrySchema.extend(furtherDetailSchema.shape).meta({
  id: 'CatalogModelDetail',
  description: 'A model: its entry, and what is known of it beside.',
})

/** JSON that clients may keep. */
function jsonAnswers(description: string, schema: z.ZodType): Route['answers'] {
  return keptAnswers({ description, content: { [JSON_TYPE]: schema }, headers: ['X-Dataset-Version'] })
}

export const MODEL_ROUTES: Route[] = [
  {
    method: 'get',
    path: `${MODELS_PATH}/{provider}/{model_id}`,
    id: 'getModelDetail',
    tag: 'catalog',
    summary: 'All that is known of one model',
    description: 'All prices, tiers and limits, reasoning options, family, and what upstream sent.',
    parts: MODEL_PARTS,
    query: NO_QUERY,
    answers: jsonAnswers('The model.', detailSchema),
    errors: [404],
    example: { path: `${MODELS_PATH}/anthropic/claude-opus-4-8` },
  },
  {
    method: 'get',
    path: PROVIDERS_PATH,
    id: 'listProviders',
    tag: 'catalog',
    summary: 'Who serves models, and what it takes to use them',
    query: providersQuerySchema,
    answers: jsonAnswers('The providers.', providersSchema),
    example: { path: `${PROVIDERS_PATH}?query=mistral` },
  },
  {
    method: 'get',
    path: `${OFFERED_PATH}/{lab}/{model}`,
    id: 'listOffers',
    tag: 'catalog',
    summary: 'One model at all who serve it',
    description: 'The cheapest first.',
    parts: {
      lab: { description: 'Who makes the model.', example: 'mistral' },
      model: { description: 'What its maker calls it.', example: 'mistral-large-2411' },
    },
    query: NO_QUERY,
    answers: jsonAnswers('The offers.', offersSchema),
    errors: [404],
    example: { path: `${OFFERED_PATH}/mistral/mistral-large-2411` },
  },
  {
    method: 'get',
    path: RESOLVE_PATH,
    id: 'resolveId',
    tag: 'catalog',
    summary: 'What an id means, however it is spelt',
    description: 'Entries with the reason for each, and none rather than a near one.',
    query: resolveQuerySchema,
    answers: jsonAnswers('The entries.', matchesSchema),
    example: { path: `${RESOLVE_PATH}?id=gpt-5.6&limit=1` },
  },
  {
    method: 'get',
    path: ESTIMATE_PATH,
    id: 'estimate',
    tag: 'catalog',
    summary: 'What requests to a model cost',
    description: 'By tier, in exact decimals. A 400 where a price that is needed is unknown.',
    query: estimateQuerySchema,
    answers: jsonAnswers('The cost.', estimateSchema),
    errors: [404],
    example: { path: `${ESTIMATE_PATH}?id=openai/gpt-5.6&input_tokens=100000&output_tokens=2000` },
  },
  {
    method: 'post',
    path: ESTIMATE_PATH,
    id: 'estimateMany',
    tag: 'catalog',
    summary: 'What requests to several models cost',
    description: 'One that cannot be estimated says why; the others are there.',
    query: NO_QUERY,
    body: estimateBodySchema,
    answers: momentaryAnswers({
      description: 'The cost, or of several the cost of each.',
      content: { [JSON_TYPE]: z.union([estimateSchema, estimatesSchema]) },
      headers: ['X-Dataset-Version'],
    }),
    errors: [404],
    example: { path: ESTIMATE_PATH, body: [{ id: 'openai/gpt-5.6', input_tokens: 100_000 }] },
  },
  {
    method: 'get',
    path: ESTIMATES_PATH,
    id: 'rankByCost',
    tag: 'catalog',
    summary: 'What requests to each model that matches cost',
    description: 'The cheapest first, then those of which it is unknown. A 400 where too many match.',
    query: rankingQuerySchema,
    answers: keptAnswers({
      description: 'A page of the ranking.',
      content: { [JSON_TYPE]: rankingSchema },
      headers: ['X-Dataset-Version', 'Link'],
    }),
    example: { path: `${ESTIMATES_PATH}?query=gpt-5.6&provider=openai&input_tokens=1000&limit=1` },
  },
]
