import { hash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerStatement } from '../../src/sql/statement.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'

/** Statements that must be refused, and a word of why. `DIR` is the catalog's own folder. */
const REFUSED: [sql: string, why: RegExp][] = [
  // Other files.
  [`ATTACH 'DIR/other.db' AS other`, /ATTACH/],
  [`ATTACH DATABASE ':memory:' AS m`, /ATTACH/],
  [`ATTACH 'file:DIR/catalog.db?mode=rw' AS w`, /ATTACH/],
  [`attach/**/'DIR/other.db' as other`, /ATTACH/],
  ['DETACH main', /DETACH/],
  [`VACUUM INTO 'DIR/copy.db'`, /Only a query/],
  ['VACUUM', /Only a query/],
  [`SELECT readfile('/etc/passwd')`, /no such function/],
  [`SELECT writefile('DIR/x', 'x')`, /no such function/],
  [`SELECT load_extension('DIR/x.so')`, /load_extension is not allowed/],
  [`SELECT load_extension('DIR/x.so', 'main')`, /load_extension is not allowed/],
  [`SELECT "load_extension"('DIR/x.so')`, /load_extension is not allowed/],
  [`SELECT count(*) FROM model WHERE load_extension('x')`, /load_extension is not allowed/],
  [`SELECT fts3_tokenizer('simple')`, /fts3_tokenizer is not allowed/],
  [`SELECT edit('x')`, /no such function/],
  [`SELECT * FROM fsdir('/')`, /no such table/],
  [`SELECT * FROM csv('/etc/passwd')`, /no such table/],

  // Settings.
  ['PRAGMA query_only = OFF', /PRAGMA/],
  ['PRAGMA table_info(model)', /PRAGMA/],
  ['pragma/* */page_size', /PRAGMA/],
  [`PRAGMA temp_store_directory = 'DIR'`, /PRAGMA/],
  ['PRAGMA writable_schema = ON', /PRAGMA/],
  ['PRAGMA hard_heap_limit = 0', /PRAGMA/],
  ['EXPLAIN PRAGMA page_size', /PRAGMA/],
  [`SELECT * FROM pragma_table_info('model')`, /no such table/],
  ['SELECT 1 FROM pragma_page_count', /no such table/],
  ['SELECT count(*) FROM pragma_database_list', /no such table/],
  ['SELECT (SELECT file FROM pragma_database_list)', /no such table/],

  // Tables that are not to be queried.
  ['SELECT * FROM entry', /no such table: entry/],
  ['SELECT count(*) FROM entry', /no such table: entry/],
  ['SELECT 1 FROM entry', /no such table: entry/],
  ['SELECT * FROM main.entry', /no such table: main.entry/],
  ['SELECT * FROM "entry"', /no such table: entry/],
  ['SELECT * FROM [entry]', /no such table: entry/],
  ['SELECT * FROM `entry`', /no such table: entry/],
  [`SELECT * FROM 'entry'`, /no such table: entry/],
  ['SELECT * FROM "main"."entry"', /no such table: main.entry/],
  ['SELECT * FROM eNtRy', /no such table: eNtRy/],
  ['SELECT * FROM/**/entry', /no such table: entry/],
  ['SELECT * FROM -- model\n entry', /no such table: entry/],
  ['SELECT json FROM entry_body', /no such table/],
  ['SELECT word FROM word', /no such table/],
  ['SELECT members FROM entry_set', /no such table/],
  ['SELECT * FROM entry_text_data', /no such table/],
  [`SELECT rowid FROM entry_text WHERE entry_text MATCH 'gpt'`, /no such table/],
  [`SELECT * FROM entry_text('gpt')`, /no such table/],
  ['WITH v_model AS (SELECT * FROM entry) SELECT * FROM v_model', /no such table: entry/],
  ['WITH v_model AS (SELECT lab, party FROM entry) SELECT * FROM v_model', /no such table: entry/],
  ['WITH v_model AS (SELECT count(*) FROM entry) SELECT * FROM v_model', /no such table: entry/],
  ['SELECT * FROM (SELECT lab FROM entry) AS v_model', /no such table: entry/],
  ['WITH a AS (SELECT 1), b AS (SELECT * FROM entry, a) SELECT * FROM b', /no such table: entry/],
  ['SELECT (SELECT max(price) FROM entry)', /no such table: entry/],
  ['SELECT * FROM model UNION ALL SELECT * FROM entry', /no such table: entry/],
  ['SELECT 1 WHERE EXISTS (SELECT 1 FROM entry)', /no such table: entry/],
  ['SELECT 1 WHERE 1 IN entry', /no such table: entry/],
  ['SELECT * FROM v_model JOIN entry ON entry.id = v_model.id', /no such table: entry/],
  ['SELECT entry.lab FROM v_model', /no such column: entry.lab/],
  ['SELECT e.lab FROM v_model', /no such column: e.lab/],
  ['EXPLAIN SELECT * FROM entry', /no such table: entry/],
  ['SELECT * FROM sqlite_master', /no such table/],
  ['SELECT count(*) FROM sqlite_schema', /no such table/],
  ['SELECT sql FROM main.sqlite_master', /no such table/],
  ['SELECT * FROM sqlite_temp_master', /no such table/],
  ['SELECT * FROM sqlite_sequence', /no such table/],
  ['SELECT * FROM sqlite_stat1', /no such table/],
  ['SELECT * FROM dbstat', /no such table/],
  ['SELECT 1 FROM dbstat', /no such table/],
  ['SELECT * FROM sqlite_dbpage', /no such table/],
  ['SELECT * FROM sqlite_stmt', /no such table/],
  ['SELECT * FROM fts5vocab', /no such table/],
  ['SELECT * FROM fts3tokenize', /no such table/],
  ['SELECT * FROM generate_series(1, 3)', /no such table/],

  // Changes.
  [`UPDATE model SET name = 'x'`, /not changes/],
  ['DELETE FROM model', /not changes/],
  ['DELETE FROM model RETURNING id', /not changes/],
  [`INSERT INTO provider (id) VALUES ('x') RETURNING id`, /not changes/],
  [`REPLACE INTO provider (id) VALUES ('x')`, /not changes/],
  ['WITH x AS (SELECT 1) DELETE FROM model RETURNING *', /not changes/],
  [`INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 0, '')`, /not changes|may not be modified/],
  ['DROP TABLE model', /not changes/],
  ['DROP VIEW v_model', /not changes|use DROP TABLE/],
  ['ALTER TABLE model ADD COLUMN x', /not changes/],
  ['CREATE TABLE x (a)', /not changes/],
  ['CREATE TEMP TABLE x AS SELECT * FROM model', /not changes/],
  ['CREATE TEMP VIEW entry AS SELECT * FROM main.entry', /not changes/],
  ['CREATE VIRTUAL TABLE temp.x USING fts5vocab(entry_text, row)', /not changes/],
  ['CREATE TEMP TRIGGER t AFTER INSERT ON model BEGIN SELECT 1; END', /not changes/],
  ['CREATE INDEX i ON model (name)', /not changes/],
  ['ANALYZE', /not changes/],
  ['REINDEX', /Only a query/],
  ['EXPLAIN DELETE FROM model', /not changes/],
  ['BEGIN', /transactions/],
  ['COMMIT', /transactions/],
  ['ROLLBACK', /transactions/],
  ['SAVEPOINT s', /savepoints/],

  // More than one statement, or none.
  ['SELECT 1; SELECT 2', /Only one statement/],
  ['SELECT 1; DROP TABLE model', /Only one statement/],
  ['SELECT 1;/**/;PRAGMA page_size', /Only one statement/],
  ['SELECT 1;\n-- done\nDELETE FROM model', /Only one statement/],
  ['SELECT 1\0; SELECT 2', /Only one statement|unrecognized/],
  ['', /no statements/],
  [' ; ', /no statements/],
  ['-- nothing', /no statements/],

  // Too much at once.
  ['SELECT zeroblob(2000000000)', /too big/],
  ['SELECT length(randomblob(2000000))', /too big/],
  ['SELECT length(hex(zeroblob(1000000)))', /too big/],
  [`SELECT length(printf('%.*c', 100000000, 'x'))`, /too big/],
  [`SELECT length(replace(hex(zeroblob(10000)), '0', hex(zeroblob(10000))))`, /too big/],
  ['SELECT length(group_concat(hex(zeroblob(1000)))) FROM model', /too big/],
  [`SELECT 1${'+1'.repeat(2000)}`, /too large/],
]

const LIMITS = { maxRows: 1_000, maxBytes: 1024 * 1024, maxCellBytes: 1024 * 1024 }

const dir = temporaryFolder()
const db = join(dir, 'catalog.db')
let before: string

function state(): string {
  return `${readdirSync(dir).sort().join()} ${hash('sha256', readFileSync(db))}`
}

/** As the process that a statement gets does it. */
function answer(sql: string) {
  return answerStatement({ db, sql, params: [], format: 'api', ...LIMITS })
}

beforeAll(async () => {
  copyFileSync(await seededCatalog(), db)
  answer('SELECT 1')
  before = state()
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

it.each(REFUSED)('refuses %j', (sql, why) => {
  const { head, text } = answer(sql.replaceAll('DIR', dir))
  expect(head).toEqual({ fault: 'statement', message: expect.stringMatching(why) })
  expect(head).not.toMatchObject({ message: expect.stringContaining(dir) })
  expect(text).toBe('')
})

it.each([
  'SELECT 1;',
  'SELECT 1 -- and nothing more',
  'SELECT 1; /* a; b */ -- c; d',
  `SELECT 'ATTACH; PRAGMA' AS "DELETE FROM entry"`,
  'WITH entry AS (SELECT 1 AS x) SELECT count(*) FROM entry',
  'VALUES (1), (2)',
  'EXPLAIN QUERY PLAN SELECT * FROM v_model',
  `SELECT value FROM json_each('[1]')`,
  'SELECT count(*) FROM main.v_model',
  'SELECT median(input_usd), round(sqrt(2), 2), date(release_date) FROM v_model',
])('answers %j', (sql) => {
  expect(answer(sql).head).toMatchObject({ truncated: false })
})

it('has changed nothing', () => {
  expect(state()).toBe(before)
})
