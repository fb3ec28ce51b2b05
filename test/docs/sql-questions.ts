import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerStatement } from '../../src/sql/statement.ts'
import { seededCatalog } from '../service.ts'
import { ROOT } from './markdown.ts'

/** `node test/docs/sql-questions.ts` writes the outputs in docs/sql.md anew. */

export const NO_LIMITS = { maxRows: 1e6, maxBytes: 1e9, maxCellBytes: 1e9 }

const PAGE = join(ROOT, 'docs/sql.md')
/** A query and, once it has been run, its output. */
const QUERY = /```sql\n([^`]*)```\n(?:\n```text\n[^`]*```\n)?/g

export const page = readFileSync(PAGE, 'utf8')
export const queries = [...page.matchAll(QUERY)].map(([, sql = '']) => sql)

/** The page as it should be. */
export async function answeredPage(): Promise<string> {
  const db = await seededCatalog()
  const answers = new Map<string, string>()
  for (const sql of queries) {
    const { head, text } = answerStatement({ db, sql, params: [], format: 'table', ...NO_LIMITS })
    if ('fault' in head) throw new Error(`${sql}${head.message}`)
    answers.set(sql, text)
  }
  return page.replaceAll(
    QUERY,
    (_, sql: string) => `\`\`\`sql\n${sql}\`\`\`\n\n\`\`\`text\n${answers.get(sql)}\`\`\`\n`,
  )
}

if (import.meta.main) writeFileSync(PAGE, await answeredPage())
