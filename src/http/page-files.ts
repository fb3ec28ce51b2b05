import { existsSync } from 'node:fs'
import { z } from 'zod'
import { isBinary, readProgramFile } from '../program/files.ts'
import { bundlePage, PAGE_FOLDER, type PageFiles } from './page-bundle.ts'

/** The files of `PAGE_FOLDER`, by name: what is inside a binary cannot be listed. */
export const PAGE_LIST = 'files.json'
const listSchema = z.array(z.string())

/** The page as it was made for the package or the binary; a checkout makes it from its source. */
export async function readPageFiles(): Promise<PageFiles> {
  if (!isBinary && existsSync(new URL('../../src/web', import.meta.url))) return bundlePage()
  const read = (name: string) => readProgramFile(`${PAGE_FOLDER}/${name}`).toString()
  const names = listSchema.parse(JSON.parse(read(PAGE_LIST)))
  return new Map(names.map((name) => [name, read(name)]))
}
