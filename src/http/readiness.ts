import type { AppContext } from './context.ts'

/** Tells why the service should get no requests; undefined: it should. */
export type Readiness = () => string | undefined

export function readiness({ catalog, config, now }: AppContext): Readiness {
  const { readyMaxAge } = config
  return () => {
    let fetchedAt: string
    try {
      fetchedAt = catalog.dataset().fetchedAt
    } catch {
      // Which file, and what is wrong with it, is for the log: whoever asks for the catalog makes a line there.
      return 'The catalog cannot be read'
    }
    const age = ageSeconds(fetchedAt, now())
    if (readyMaxAge === undefined || age <= readyMaxAge) return undefined
    return `The catalog is ${age} s old; ${readyMaxAge} s are allowed`
  }
}

/** How long ago that was; 0 where a clock was set back. */
export function ageSeconds(fetchedAt: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - Date.parse(fetchedAt)) / 1000))
}
