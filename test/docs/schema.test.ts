import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { migrate } from '../../src/db/migrate.ts'
import { type Database, openForWriting, withDatabase } from '../../src/db/open.ts'
import { temporaryFolder } from '../service.ts'
import { codeOf, readPage } from './markdown.ts'

interface Column {
  name: string
  /** Absent for views and virtual tables, which declare none. */
  type?: string
}

it('is the schema that the migrations make', () => {
  const dir = temporaryFolder()
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'catalog.db')
  const schema = withDatabase(openForWriting(file), (db) => {
    migrate(db, file)
    return migratedSchema(db)
  })
  expect(documentedSchema()).toEqual(schema)
})

function migratedSchema(db: Database): Record<string, Column[]> {
  // Shadow tables hold what a full-text index is made of.
  const tables = db
    .prepare<[], { name: string; type: string }>(
      `SELECT name, type FROM pragma_table_list
       WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite_%'`,
    )
    .all()
  const columns = db.prepare<[string], { name: string; type: string; notnull: number; pk: number }>(
    'SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?) WHERE hidden <> 1',
  )
  return Object.fromEntries(
    tables.map(({ name: table, type: kind }) => [
      table,
      columns.all(table).map(({ name, type, notnull, pk }) => {
        if (kind !== 'table') return { name }
        const plain = type.replace(/ GENERATED ALWAYS$/i, '').toLowerCase()
        return { name, type: `${plain}${notnull || pk ? '' : '?'}${pk ? ', **key**' : ''}` }
      }),
    ]),
  )
}

function documentedSchema(): Record<string, Column[]> {
  const { sections } = readPage('docs/schema.md')
  const isTable = (heading: string) => /^`\w+`$/.test(heading)
  return Object.fromEntries(
    sections
      .filter(({ heading }) => isTable(heading))
      .map(({ heading, tables: [table = []] }) => {
        const [header = [], ...rows] = table
        const columns = rows.map(([name, type = '']): Column => {
          const column = { name: codeOf(name) ?? '' }
          return header.includes('type') ? { ...column, type } : column
        })
        return [codeOf(heading), columns]
      }),
  )
}
