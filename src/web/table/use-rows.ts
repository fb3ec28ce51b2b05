import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type List, loadRows, type RowLoader } from './row-loader.ts'

interface Rows {
  /** The newest list with an answer; undefined until the first one. */
  list: List | undefined
  /** Whether a newer one is being asked for. */
  isLoading: boolean
  want: RowLoader['want']
}

/** The rows of a list, by its request without offset and limit. */
export function useRows(base: string): Rows {
  const [list, setList] = useState<List>()
  const loader = useRef<RowLoader>(undefined)
  // Before the first paint: the answer may be there already.
  useLayoutEffect(() => {
    const started = loadRows(base, setList)
    loader.current = started
    started.want(0, 1)
    return () => started.stop()
  }, [base])
  const want = useCallback<RowLoader['want']>((first, end) => loader.current?.want(first, end), [])
  return { list, isLoading: list?.base !== base, want }
}
