import { useEffect, useState } from 'preact/hooks'
import { usualColumns } from './columns.tsx'

/** The columns that suit the window, however it is resized. */
export function useUsualColumns(): readonly string[] {
  const [columns, setColumns] = useState(() => usualColumns(innerWidth))
  useEffect(() => {
    const measure = () => {
      const next = usualColumns(innerWidth)
      setColumns((before) => (before.join() === next.join() ? before : next))
    }
    measure()
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [])
  return columns
}
