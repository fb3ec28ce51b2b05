import { useEffect, useState } from 'preact/hooks'
import type uPlot from 'uplot'

interface Loaded {
  /** Undefined until it has come. */
  Plot: typeof uPlot | undefined
  /** Whether it could not be had. */
  hasFailed: boolean
  tryAgain: () => void
}

const UNDER_WAY = { Plot: undefined, hasFailed: false }

let failures = 0

/** uPlot, fetched when the first plot is drawn: most visits draw none. A failure is not kept: the next plot tries anew. */
export function useUplot(): Loaded {
  const [{ Plot, hasFailed }, setLoaded] = useState<Omit<Loaded, 'tryAgain'>>(UNDER_WAY)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isWanted = true
    setLoaded(UNDER_WAY)
    load().then(
      (loaded) => isWanted && setLoaded({ Plot: loaded, hasFailed: false }),
      () => isWanted && setLoaded({ Plot: undefined, hasFailed: true }),
    )
    return () => {
      isWanted = false
    }
  }, [attempt])
  return { Plot, hasFailed, tryAgain: () => setAttempt(attempt + 1) }
}

async function load(): Promise<typeof uPlot> {
  // Many browsers keep the failure of an address for as long as the page is open.
  const address = failures === 0 ? './uplot.js' : `./uplot.js?failures=${failures}`
  try {
    const { default: Plot } = (await import(address)) as { default: typeof uPlot }
    return Plot
  } catch (error) {
    failures++
    throw error
  }
}
