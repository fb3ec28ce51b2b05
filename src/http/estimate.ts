import { z } from 'zod'
import { estimateModel } from '../catalog/estimate.ts'
import { type Estimate, estimateSchema } from '../catalog/estimate-answer.ts'
import { type EstimateCase, parseEstimateBody, parseEstimateQuery } from '../catalog/estimate-params.ts'
import { parseNoQuery } from '../catalog/params.ts'
import { AppError } from '../errors.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { payload } from './errors.ts'
import { sendJson } from './exchange.ts'

export const ESTIMATE_PATH = '/api/v1/inference/estimate'

/** One of several: where it cannot be estimated it says why. */
export const estimateResultSchema = z.object({
  id: z.string(),
  estimate: estimateSchema.nullable(),
  error: z.object({ code: z.int(), detail: z.string(), type: z.string() }).nullable(),
})

export const estimatesSchema = z
  .object({ results: z.array(estimateResultSchema) })
  .meta({ id: 'CatalogEstimates', description: 'What each of several costs, in the order of the request.' })

type Result = z.infer<typeof estimateResultSchema>

export interface EstimateHandlers {
  one: Handler
  /** Of a body, parsed from JSON. */
  many: Handler
}

/** Answers what requests to models cost. */
export function estimateHandlers({ catalog, config }: AppContext): EstimateHandlers {
  const answer = answerSender(config)
  return {
    one(_request, response) {
      const { exchange, target } = response.locals
      const asked = parseEstimateQuery(target.pairs)
      const found = catalog.read((db, version) => ({
        version,
        body: JSON.stringify(estimateModel(db, asked)),
      }))
      answer(exchange, found)
    },

    many(request, response) {
      const { exchange, target } = response.locals
      parseNoQuery(target.pairs)
      const asked = parseEstimateBody(request.body)
      const found = catalog.read((db, version) => {
        const estimate = (each: EstimateCase) => estimateModel(db, each)
        const body = Array.isArray(asked)
          ? { results: asked.map((each) => resultOf(each, estimate)) }
          : estimate(asked)
        return { version, body: JSON.stringify(body) }
      })
      sendJson(exchange, found.version, found.body)
    },
  }
}

function resultOf(asked: EstimateCase, estimate: (asked: EstimateCase) => Estimate): Result {
  const { id } = asked
  try {
    return { id, estimate: estimate(asked), error: null }
  } catch (error) {
    if (error instanceof AppError && isRefusal(error)) return { id, estimate: null, error: payload(error) }
    throw error
  }
}

/** Whether it is about this one model: what else goes wrong is so for the others, too. */
function isRefusal({ code }: AppError): boolean {
  return code === 'not_found' || code === 'invalid'
}
