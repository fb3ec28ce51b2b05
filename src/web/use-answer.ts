import { useEffect, useState } from 'preact/hooks'
import { type Answer, ask, RequestError } from './api.ts'

export interface Asked<Body> {
  /** The newest answer there is; of an earlier path while `isLoading`. */
  answer: Answer<Body> | undefined
  /** Why this path has no answer. */
  error: RequestError | undefined
  isLoading: boolean
}

/** The service's answer to a path; undefined asks nothing. An answer to an earlier path never replaces a later one. */
export function useAnswer<Body>(path: string | undefined): Asked<Body> {
  const [asked, setAsked] = useState<Asked<Body> & { path?: string | undefined }>({
    answer: undefined,
    error: undefined,
    isLoading: false,
  })
  useEffect(() => {
    if (path === undefined) return
    const controller = new AbortController()
    ask<Body>(path, { signal: controller.signal }).then(
      (answer) => {
        if (!controller.signal.aborted) setAsked({ path, answer, error: undefined, isLoading: false })
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        if (!(error instanceof RequestError)) throw error
        setAsked({ path, answer: undefined, error, isLoading: false })
      },
    )
    return () => controller.abort()
  }, [path])
  return path === asked.path ? asked : { ...asked, error: undefined, isLoading: path !== undefined }
}
