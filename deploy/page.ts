import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlePage } from '../src/http/page-bundle.ts'
import { PAGE_LIST } from '../src/http/page-files.ts'

/** Makes the page anew in a folder, with the list of its files. @returns their names, the list's among them */
export async function writePage(folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const files = await bundlePage()
  for (const [name, text] of files) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, PAGE_LIST), `${JSON.stringify([...files.keys()])}\n`)
  return [...files.keys(), PAGE_LIST]
}
