import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const packageSchema = z.object({ name: z.string(), version: z.string(), license: z.string() })

/** What a package calls its terms and its credits. */
const PAPER = /^(licen[cs]e|notice|copying)|\.license\.txt$/i
const RULE = '='.repeat(80)

/**
 * The licences of all that is inside the binary.
 * @param root the folder of the project
 * @param folders those of the packages
 */
export function licensesOf(root: string, folders: string[]): string {
  const own = ['modeldex', papersIn(root)]
  const data = ['The catalog of models.dev', papersIn(join(root, 'seed'))]
  const packages = folders.map((folder) => {
    const { name, version, license } = packageSchema.parse(
      JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    )
    return [`${name} ${version} (${license})`, papersIn(folder) || `Licensed under ${license}.\n`]
  })
  return [own, data, ...packages].map(([title, text]) => `${RULE}\n${title}\n${RULE}\n\n${text}`).join('\n')
}

function papersIn(folder: string): string {
  const papers = readdirSync(folder).filter((name) => PAPER.test(name) && existsSync(join(folder, name)))
  return papers
    .sort()
    .map((name) => `${readFileSync(join(folder, name), 'utf8').trim()}\n`)
    .join('\n')
}
