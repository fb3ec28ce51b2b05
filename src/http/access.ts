import type { Config } from '../config.ts'
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

/** What tools read that may send no token. */
const OTHER_FORMATS = ['/api.json', '/models.json', '/catalog.json', '/litellm', '/v1/models']

/** Tells what a request for a path, still encoded, needs; undefined: nothing is served there, whatever routes there are. */
export type AccessTo = (method: string | undefined, path: string) => Access | undefined

export function accessRules({
  sql,
  openMirror,
  openMetrics,
}: Pick<Config, 'sql' | 'openMirror' | 'openMetrics'>): AccessTo {
  const mirrored: Access = openMirror ? 'open' : 'read'
  // The first one that covers the path decides, so the narrower stand in front.
  const rules: Rule[] = [
    { root: '/openapi.json', access: 'open' },
    { root: '/docs', access: 'open' },
    // Answered before anybody is asked who they are.
    { root: '/healthz', access: 'open' },
    { root: '/readyz', access: 'open' },
    { root: '/metrics', access: openMetrics ? 'open' : 'read' },
    { root: '/api/v1/inference/refresh', method: 'POST', access: 'admin' },
    ...(sql ? [{ root: '/api/v1/inference/sql', method: 'POST', access: 'sql' } satisfies Rule] : []),
    { root: '/api/v1/inference/changes.atom', access: mirrored },
    { root: '/api', access: 'read' },
    { root: '/mcp', access: 'read' },
    ...OTHER_FORMATS.map((root): Rule => ({ root, access: mirrored })),
  ]
  return (asked, path) =>
    rules.find(({ root, method = asked }) => method === asked && covers(root, path))?.access
}

function covers(root: string, path: string): boolean {
  return path.startsWith(root) && (path.length === root.length || path[root.length] === '/')
}
