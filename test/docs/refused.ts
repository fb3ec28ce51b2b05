/** How the guard of `loopback-only.ts` begins what it says. A file apart, for loading the guard sets it. */
export const REFUSED = 'loopback only: refused'
