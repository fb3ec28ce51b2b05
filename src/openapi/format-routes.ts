import { z } from 'zod'
import { API_JSON_PATH, CATALOG_JSON_PATH, LITELLM_PATH, MODELS_JSON_PATH } from '../http/documents.ts'
import { OPENAI_MODELS_PATH } from '../http/openai.ts'
import { ERROR_ANSWERS } from './errors.ts'
import { type Answer, type ErrorStatus, JSON_TYPE, keptAnswers, type Route } from './route.ts'

const OPEN = 'Needs no token where `MODELDEX_OPEN_MIRROR` is set.'
const objectsSchema = z.record(z.string(), z.looseObject({}))

const openAiModelSchema = z
  .object({
    id: z.string().meta({ description: '`provider/model_id`.' }),
    object: z.literal('model'),
    created: z.int().meta({ description: 'When it was released, in seconds since 1970; 0 where unknown.' }),
    owned_by: z.string().meta({ description: 'Whose model it is.' }),
  })
  .meta({ id: 'OpenAIModel', description: "A model as OpenAI's clients know it." })

const openAiErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'OpenAIError', description: "A failure as OpenAI's clients know it." })

/** The failures of these routes have OpenAI's form. */
function openAiErrors(...statuses: ErrorStatus[]): Record<number, Answer> {
  return Object.fromEntries(
    statuses.map((status): [number, Answer] => {
      const { description, headers = [] } = ERROR_ANSWERS[status]
      return [
        status,
        { description, content: { [JSON_TYPE]: openAiErrorSchema }, headers: ['Cache-Control', ...headers] },
      ]
    }),
  )
}

function jsonAnswers(description: string, schema: z.ZodType): Record<number, Answer> {
  return keptAnswers({ description, content: { [JSON_TYPE]: schema }, headers: ['X-Dataset-Version'] })
}

function documentRoute(
  path: Route['path'],
  id: string,
  summary: string,
  schema: z.ZodType = objectsSchema,
): Route {
  const answers = jsonAnswers('The whole document.', schema)
  return { method: 'get', path, id, tag: 'formats', summary, description: OPEN, answers }
}

export const FORMAT_ROUTES: Route[] = [
  documentRoute(API_JSON_PATH, 'getApiJson', 'Providers and their models, as models.dev serves them'),
  documentRoute(MODELS_JSON_PATH, 'getModelsJson', 'Models by maker, as models.dev serves them'),
  documentRoute(
    CATALOG_JSON_PATH,
    'getCatalogJson',
    'Both in one document',
    z.object({ models: objectsSchema, providers: objectsSchema }),
  ),
  documentRoute(LITELLM_PATH, 'getLitellmMap', "LiteLLM's cost map, USD per token"),
  {
    method: 'get',
    path: OPENAI_MODELS_PATH,
    id: 'listOpenAIModels',
    tag: 'formats',
    summary: "Models, as OpenAI's clients list them",
    description: OPEN,
    answers: {
      ...jsonAnswers(
        'All models.',
        z
          .object({ object: z.literal('list'), data: z.array(openAiModelSchema) })
          .meta({ id: 'OpenAIModelList', description: "All models, as OpenAI's clients know them." }),
      ),
      ...openAiErrors(400, 401, 426, 429, 500),
    },
  },
  {
    method: 'get',
    path: `${OPENAI_MODELS_PATH}/{id}`,
    id: 'getOpenAIModel',
    tag: 'formats',
    summary: "One model, as OpenAI's clients ask for it",
    description: OPEN,
    parts: { id: { description: 'Its full id, slashes and all.', example: 'openai/gpt-5.6' } },
    answers: {
      ...jsonAnswers('The model.', openAiModelSchema),
      ...openAiErrors(400, 401, 404, 426, 429, 500),
    },
    example: { path: `${OPENAI_MODELS_PATH}/openai/gpt-5.6` },
  },
]
