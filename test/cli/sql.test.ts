import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openForWriting, withDatabase } from '../../src/db/open.ts'
import { DOCUMENTED } from '../../src/sql/documented.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { runProgram, startProgram } from './program.ts'

const FOREVER = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c'

const dir = temporaryFolder()
const db = join(dir, 'catalog.db')
beforeAll(async () => copyFileSync(await seededCatalog(), db))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const sql = (...args: string[]) => runProgram(['sql', '--db', db, ...args])

it('prints an aligned table, with NULL to be seen', async () => {
  const { code, stdout, stderr } = await sql(
    "SELECT 'a' AS name, 1.5 AS price, NULL AS status UNION ALL SELECT 'long name', 10, 'beta' ORDER BY price",
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(
    [
      'name       price  status',
      '---------  -----  ------',
      'a            1.5  NULL',
      'long name     10  beta',
      '',
    ].join('\n'),
  )
})

it('shows neither line ends nor terminal codes as such, and cuts long cells of a table', async () => {
  const { stdout } = await sql(`SELECT 'a' || char(10, 27) || '[31m' AS a, hex(zeroblob(100)) AS b`)
  expect(stdout).not.toContain('\u001b')
  const [, , row = ''] = stdout.split('\n')
  expect(row).toBe(`a\\n\\u001b[31m  ${'0'.repeat(79)}…`)
})

it('prints a table without rows', async () => {
  expect((await sql('SELECT id, name FROM model WHERE 0')).stdout).toBe('id  name\n--  ----\n')
})

it('prints JSON', async () => {
  const query = `SELECT 'a' AS name, 9007199254740993 AS big, NULL AS none UNION ALL SELECT '"', 2, 1.5`
  expect((await sql('--json', query)).stdout).toBe(
    '[{"name":"a","big":9007199254740993,"none":null},\n{"name":"\\"","big":2,"none":1.5}]\n',
  )
})

it('prints CSV', async () => {
  const query = `SELECT 'a,b' AS "x ""y""", 'line' || char(13, 10) || 'two' AS b, NULL AS c, '' AS d, x'00ff' AS e`
  expect((await sql('--csv', query)).stdout).toBe(`"x ""y""",b,c,d,e\r\n"a,b","line\r\ntwo",,"",x'00ff'\r\n`)
})

it.each([[['-']], [[]]])('reads the query from stdin with the arguments %j', async (args) => {
  const child = startProgram(['sql', '--db', db, '--csv', ...args])
  child.stdin.end('SELECT 1 AS one;\n-- that is all\n')
  expect(await text(child.stdout)).toBe('one\r\n1\r\n')
})

it('lists the tables and what they mean', async () => {
  const { stdout } = await sql('--tables')
  for (const name of DOCUMENTED) expect(stdout).toMatch(new RegExp(`^${name} \\((table|view)\\): \\S`, 'm'))
  expect(stdout).toMatch(/^ {2}usd_per_mtok +real +USD per 1M tokens$/m)
  const tables: unknown[] = JSON.parse((await sql('--tables', '--json')).stdout)
  expect(tables[0]).toMatchObject({ name: 'v_model', type: 'view' })
})

it.each([
  ['a syntax error', ['SELEC 1'], 1, /^modeldex: near "SELEC": syntax error\n$/],
  ['a change', ['DELETE FROM model'], 1, /Only reading is allowed/],
  ['a PRAGMA', ['PRAGMA page_size'], 1, /not PRAGMA/],
  ['an internal table', ['SELECT * FROM entry'], 1, /no such table: entry/],
  ['no query', [''], 1, /no statements/],
  ['two formats', ['SELECT 1', '--json', '--csv'], 2, /cannot be used with/],
  ['a query beside --tables', ['SELECT 1', '--tables'], 2, /takes no query/],
  ['two queries', ['SELECT 1', 'SELECT 2'], 2, /too many arguments/],
  ['a timeout of words', ['SELECT 1', '--timeout', 'soon'], 2, /--timeout: must be a number/],
  ['a timeout of 0', ['SELECT 1', '--timeout', '0'], 2, /--timeout: must be a number/],
])('fails for %s', async (_, args, exitCode, message) => {
  const { code, stdout, stderr } = await sql(...args)
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
  expect(stderr).toMatch(message)
})

it('names a file that is missing, and makes none', async () => {
  const missing = join(dir, 'missing.db')
  const { code, stderr } = await runProgram(['sql', '--db', missing, 'SELECT 1'])
  expect(code).toBe(1)
  expect(stderr).toContain(missing)
  expect(readdirSync(dir)).not.toContain('missing.db')
})

it('stops a query at its time limit', async () => {
  const { code, stderr } = await sql('--timeout', '0.5', FOREVER)
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'modeldex: The query took longer than 0.5 s and was stopped\n',
  })
})

it.each(['SIGINT', 'SIGKILL'] as const)('leaves no query behind when it ends by %s', async (signal) => {
  const program = startProgram(['sql', '--db', db, FOREVER])
  await expect.poll(() => childOf(program.pid), { timeout: 10_000 }).toBeDefined()
  const child = childOf(program.pid)
  program.kill(signal)
  expect(await once(program, 'close')).toEqual([null, signal])
  await expect.poll(() => isAlive(Number(child)), { timeout: 5_000 }).toBe(false)
})

function childOf(parent: number | undefined): string | undefined {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  const line = lines.find((shown) => new RegExp(`^ *\\d+ +${parent} .* sql-child `).test(shown))
  return line === undefined ? undefined : /\d+/.exec(line)?.[0]
}

function isAlive(pid: number): boolean {
  const states = execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' })
  return new RegExp(`^ *${pid} +[^Z\\s]`, 'm').test(states)
}

it('reads a copy in a folder that nobody can write to, and leaves nothing there', async () => {
  const folder = join(dir, 'read-only')
  mkdirSync(folder)
  const copy = join(folder, 'copy.db')
  withDatabase(openForWriting(db), (source) => source.prepare('VACUUM INTO ?').run(copy))
  chmodSync(copy, 0o444)
  chmodSync(folder, 0o555)
  try {
    const { code, stdout } = await runProgram([
      'sql',
      '--db',
      copy,
      '--csv',
      'SELECT count(*) AS n FROM v_model',
    ])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'n\r\n8337\r\n' })
    expect(readdirSync(folder)).toEqual(['copy.db'])
  } finally {
    chmodSync(folder, 0o755)
  }
})
