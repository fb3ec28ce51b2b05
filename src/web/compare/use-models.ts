import { useEffect, useState } from 'preact/hooks'
import { ask, RequestError } from '../api.ts'
import { modelPath } from '../model-path.ts'
import type { FullModel } from '../model-wire.ts'

/** All of a model, why there is none, or undefined while it is on its way. */
export type Asked = FullModel | RequestError | undefined

/** Several models in full, in their order. */
export function useModels(ids: readonly string[]): readonly Asked[] {
  const [known, setKnown] = useState<ReadonlyMap<string, Asked>>(new Map())
  const missing = ids.filter((id) => !known.has(id))
  const wanted = missing.join('\n')
  useEffect(() => {
    if (missing.length === 0) return
    const controller = new AbortController()
    const fetchOne = async (id: string): Promise<[string, Asked]> => {
      try {
        const { body } = await ask<FullModel>(`models/${modelPath(id)}`, { signal: controller.signal })
        return [id, body.id === id ? body : new RequestError({ code: 404, detail: `No model ${id}.` })]
      } catch (error) {
        if (error instanceof RequestError) return [id, error]
        throw error
      }
    }
    Promise.all(missing.map(fetchOne)).then(
      (found) => {
        if (!controller.signal.aborted) setKnown((before) => new Map([...before, ...found]))
      },
      (error: unknown) => {
        if (!controller.signal.aborted) throw error
      },
    )
    return () => controller.abort()
  }, [wanted])
  return ids.map((id) => known.get(id))
}
