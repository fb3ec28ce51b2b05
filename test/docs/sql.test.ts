import { execFile } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { DOCUMENTED, readDocumentation } from '../../src/sql/documented.ts'
import { answerStatement } from '../../src/sql/statement.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { isUsable } from './installed.ts'
import { readPage } from './markdown.ts'
import { answeredPage, NO_LIMITS, page, queries } from './sql-questions.ts'

const run = promisify(execFile)

it('answers at least twenty questions, each as the page shows it', async () => {
  expect(queries.length).toBeGreaterThanOrEqual(20)
  expect(await answeredPage()).toBe(page)
})

it('gets the same answers from sqlite3', async ({ skip }) => {
  if (!(await isUsable('sqlite3'))) skip('sqlite3 is not installed')
  const file = await copiedCatalog()
  // Most builds of sqlite3 have no median.
  const plain = queries.filter((sql) => !sql.includes('median('))
  expect(plain.length).toBeGreaterThanOrEqual(queries.length - 1)
  for (const sql of plain) {
    const { stdout } = await run('sqlite3', ['-json', file, sql])
    const { text } = answerStatement({ db: file, sql, params: [], format: 'json', ...NO_LIMITS })
    expect(cellsOf(stdout), sql).toEqual(cellsOf(text))
  }
})

/** Versions of sqlite3 print the last digits of a number differently. */
function cellsOf(json: string): unknown {
  return JSON.parse(json, (_, value) => (typeof value === 'number' ? value.toPrecision(12) : value))
}

it('documents each table and column in the schema itself, in the words of its page', async () => {
  const tables = withDatabase(openForReading(await copiedCatalog()), readDocumentation)
  expect(tables.map(({ name }) => name)).toEqual([...DOCUMENTED])
  for (const { meaning } of tables) expect(meaning).not.toBe('')

  const { sections } = readPage('docs/schema.md')
  const plain = (text = '') => text.replaceAll('`', '')
  for (const { name, columns } of tables) {
    const [table = []] = sections.find(({ heading }) => heading === `\`${name}\``)?.tables ?? []
    const shown = table.slice(1).map((cells) => [plain(cells[0]), plain(cells.at(-1))])
    expect(
      columns.map((column) => [column.name, column.meaning]),
      name,
    ).toEqual(shown)
  }
})

async function copiedCatalog(): Promise<string> {
  const dir = temporaryFolder()
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'catalog.db')
  copyFileSync(await seededCatalog(), file)
  return file
}
