import type { QueryPair } from '../catalog/params.ts'

/** A tool's arguments as the parameters of a request, which are read, and refused, in one place. */
export function pairsOf(args: Record<string, string | number | boolean | string[] | undefined>): QueryPair[] {
  return Object.entries(args).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  )
}
