import { useEffect, useState } from 'preact/hooks'

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
  const [isMet, setMet] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const listener = () => setMet(list.matches)
    listener()
    list.addEventListener('change', listener)
    return () => list.removeEventListener('change', listener)
  }, [query])
  return isMet
}
