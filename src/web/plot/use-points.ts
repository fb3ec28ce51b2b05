import { useEffect, useState } from 'preact/hooks'
import { RequestError } from '../api.ts'
import { keptPoints, loadPoints } from './load-points.ts'
import type { Point } from './points.ts'

interface Points {
  /** Of an earlier request while a newer one is under way; undefined until the first have come. */
  points: readonly Point[] | undefined
  isLoading: boolean
  error: RequestError | undefined
}

export function usePoints(params: string): Points {
  const [loaded, setLoaded] = useState<Omit<Points, 'isLoading'> & { params: string }>(() => ({
    params,
    points: keptPoints(params),
    error: undefined,
  }))
  useEffect(() => {
    const points = keptPoints(params)
    if (points !== undefined) return setLoaded({ params, points, error: undefined })
    const controller = new AbortController()
    loadPoints(params, controller.signal).then(
      (found) => {
        if (!controller.signal.aborted) setLoaded({ params, points: found, error: undefined })
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        if (!(error instanceof RequestError)) throw error
        setLoaded({ params, points: undefined, error })
      },
    )
    return () => controller.abort()
  }, [params])
  const isCurrent = loaded.params === params && (loaded.points !== undefined || loaded.error !== undefined)
  return { points: loaded.points, error: isCurrent ? loaded.error : undefined, isLoading: !isCurrent }
}
