import type { Scope } from './scopes.ts'

/** What a path asks of those who come: a token of this scope, or nothing at all. */
export type Access = Scope | 'open'

/** Each covers the path itself and all below it; the longest that fits decides. */
const ACCESS: Readonly<Record<string, Access>> = {
  '/api': 'read',
}

const LONGEST_FIRST = Object.entries(ACCESS).sort(([a], [b]) => b.length - a.length)

/** What a path, still encoded, asks for; undefined: nothing is served there, whatever routes there are. */
export function accessTo(path: string): Access | undefined {
  return LONGEST_FIRST.find(([root]) => covers(root, path))?.[1]
}

function covers(root: string, path: string): boolean {
  return path.startsWith(root) && (path.length === root.length || path[root.length] === '/')
}
