import { readFileSync } from 'node:fs'
import { getRawAsset, isSea } from 'node:sea'
import { brotliDecompressSync } from 'node:zlib'

/** Whether all that the program is made of is inside the file that runs: the single binary. */
export const isBinary = isSea()

/**
 * Reads a file that comes with the program: from the folder of the checkout or package, two folders up from here and
 * from the package's bundle, or from inside the binary.
 * @param path from that folder on, such as `seed/catalog.json`
 * @throws Error where it did not come along
 */
export function readProgramFile(path: string): Buffer {
  if (!isBinary) return readFileSync(new URL(`../../${path}`, import.meta.url))
  // The system has mapped them from the file.
  return brotliDecompressSync(new Uint8Array(getRawAsset(path)))
}
