/** Each scope includes those before it: who may run SQL or refresh may read as well. */
export const SCOPES = ['read', 'sql', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export function includesScope(held: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(held) >= SCOPES.indexOf(needed)
}
