import { fileURLToPath } from 'node:url'

/** The launcher stands in `src/`, two folders up from here in a checkout, and from the bundle in the package. */
export const LAUNCHER = fileURLToPath(new URL('../../src/bin.js', import.meta.url))
