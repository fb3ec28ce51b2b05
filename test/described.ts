/** Where services listen whose answers have to be as `/openapi.json` describes them. */
const origins = new Set<string>()

export function addDescribed(url: string): void {
  origins.add(new URL(url).origin)
}

export function removeDescribed(url: string): void {
  origins.delete(new URL(url).origin)
}

export function isDescribed(origin: string): boolean {
  return origins.has(origin)
}
