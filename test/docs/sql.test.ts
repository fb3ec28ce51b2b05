import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { DOCUMENTED, readDocumentation } from '../../src/sql/documented.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { readPage } from './markdown.ts'
import { answeredPage, page, queries } from './sql-questions.ts'

it('answers at least twenty questions, each as the page shows it', async () => {
  expect(queries.length).toBeGreaterThanOrEqual(20)
  expect(await answeredPage()).toBe(page)
})

it('documents each table and column in the schema itself, in the words of the README', async () => {
  const dir = temporaryFolder()
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'catalog.db')
  copyFileSync(await seededCatalog(), file)
  const tables = withDatabase(openForReading(file), readDocumentation)
  expect(tables.map(({ name }) => name)).toEqual([...DOCUMENTED])
  for (const { meaning } of tables) expect(meaning).not.toBe('')

  const { sections } = readPage('README.md')
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
