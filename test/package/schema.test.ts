import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getTableColumns, is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { snakeCase } from '../../src/db/insert.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openForWriting, withDatabase } from '../../src/db/open.ts'
import * as truth from '../../src/db/schema.ts'
import { SCHEMA_VERSION, schemaVersion } from '../../src/db/schema-version.ts'
import * as serving from '../../src/db/serving-schema.ts'

const schema = { ...truth, ...serving }
const ROOT = join(import.meta.dirname, '../..')
const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string() })) })

interface StoredColumn {
  name: string
  type: string
  notnull: number
  pk: number
  hidden: number
}

/** What the migrations make of an empty file. */
function migrated() {
  return withDatabase(openForWriting(':memory:'), (db) => {
    const applied = migrate(db, ':memory:')
    const tables = db
      .prepare<[], string>(`SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'`)
      .pluck()
      .all()
      .filter((name) => !name.startsWith('sqlite_'))
    return {
      applied,
      version: schemaVersion(db),
      appliedAgain: migrate(db, ':memory:'),
      columns: new Map(
        tables.map((name) => [
          name,
          db.prepare<[string], StoredColumn>('SELECT * FROM pragma_table_xinfo(?)').all(name),
        ]),
      ),
      indexes: new Map(
        tables.map((name) => [
          name,
          db
            .prepare<[string], string>(`SELECT name FROM pragma_index_list(?) WHERE origin = 'c'`)
            .pluck()
            .all(name)
            .sort(),
        ]),
      ),
    }
  })
}

const TABLES = Object.entries<unknown>(schema).flatMap(([typeScriptName, table]) =>
  is(table, SQLiteTable)
    ? [{ typeScriptName, ...getTableConfig(table), members: getTableColumns(table) }]
    : [],
)

describe('an empty file, migrated', () => {
  const file = migrated()

  it('has had every migration of the journal, once', () => {
    const journal: unknown = JSON.parse(readFileSync(join(ROOT, 'migrations/meta/_journal.json'), 'utf8'))
    const { length } = journalSchema.parse(journal).entries
    expect(SCHEMA_VERSION).toBe(length)
    expect(file).toMatchObject({ applied: length, version: length, appliedAgain: 0 })
  })

  it('has the tables of the schema, and no other', () => {
    expect([...file.columns.keys()].sort()).toEqual(TABLES.map((table) => table.name).sort())
  })

  it.each(TABLES)('$name has its columns, key and indexes', ({ name, columns, primaryKeys, indexes }) => {
    const key = primaryKeys.flatMap((primaryKey) => primaryKey.columns.map((column) => column.name))
    const expected = columns.map((column) => ({
      name: column.name,
      type: column.getSQLType(),
      notNull: column.notNull,
      key: column.primary ? 1 : key.indexOf(column.name) + 1,
      generated: column.generated !== undefined,
    }))
    const found = file.columns.get(name)?.map((column) => ({
      name: column.name,
      type: column.type.toLowerCase(),
      notNull: column.notnull === 1,
      key: column.pk,
      generated: column.hidden !== 0,
    }))
    expect(found).toEqual(expected)
    expect(file.indexes.get(name)).toEqual(indexes.map((index) => index.config.name).sort())
  })
})

it.each(TABLES)('$name and its columns are named after their TypeScript names', (table) => {
  expect(table.name).toBe(snakeCase(table.typeScriptName))
  for (const [property, column] of Object.entries(table.members))
    expect(column.name).toBe(snakeCase(property))
})
