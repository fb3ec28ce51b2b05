import type { Scope } from './scopes.ts'

/** What a path asks of those who come: a token of this scope, or nothing at all. */
export type Access = Scope | 'open'

interface Rule {
  /** Covers the path itself and all below it. */
  root: string
  /** For this method alone; for all, where it is left out. */
  method?: string
  access: Access
}

/** The first one that covers the path decides, so the narrower stand in front. */
const RULES: readonly Rule[] = [
  { root: '/api/v1/inference/refresh', method: 'POST', access: 'admin' },
  { root: '/api', access: 'read' },
]

/** What a request for a path, still encoded, needs; undefined: nothing is served there, whatever routes there are. */
export function accessTo(asked: string | undefined, path: string): Access | undefined {
  return RULES.find(({ root, method = asked }) => method === asked && covers(root, path))?.access
}

function covers(root: string, path: string): boolean {
  return path.startsWith(root) && (path.length === root.length || path[root.length] === '/')
}
