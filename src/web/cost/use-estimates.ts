import { useEffect, useState } from 'preact/hooks'
import { ask, RequestError } from '../api.ts'
import type { EstimateList } from '../model-wire.ts'
import { estimateBody, type Usage } from './usage.ts'

/** How many models the service reckons at once. */
export const BATCH_MODELS = 100
/** How long typing rests before the service is asked, in ms. */
const PAUSE_MS = 120

export interface Estimates {
  results: EstimateList['results']
  error: RequestError | undefined
  /** Whether they are of another usage or other models than those asked for. */
  isOld: boolean
}

/** What each model would cost, in their order. */
export function useEstimates(ids: readonly string[], usage: Usage): Estimates {
  const [known, setKnown] = useState<Omit<Estimates, 'isOld'> & { key: string }>({
    key: '',
    results: [],
    error: undefined,
  })
  const batches = Array.from({ length: Math.ceil(ids.length / BATCH_MODELS) }, (_, index) =>
    estimateBody(usage, ids.slice(index * BATCH_MODELS, (index + 1) * BATCH_MODELS)),
  ).filter((body) => body !== undefined)
  const key = batches.join('\n')
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const publish = (results: EstimateList['results'], error?: RequestError) => {
      if (!signal.aborted) setKnown({ key, results, error })
    }
    const reckon = async () => {
      try {
        const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, signal }
        const answers = await Promise.all(
          batches.map((body) => ask<EstimateList>('estimate', { ...init, body })),
        )
        publish(answers.flatMap(({ body }) => body.results))
      } catch (error) {
        if (signal.aborted) return
        if (!(error instanceof RequestError)) throw error
        publish([], error)
      }
    }
    const timer = setTimeout(() => void reckon(), PAUSE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [key])
  return { results: known.results, error: known.error, isOld: known.key !== key }
}
