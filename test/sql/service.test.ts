import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newToken, updateTokenFile } from '../../src/http/token-file.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { seededService, type TestService } from '../service.ts'
import { ask } from './ask.ts'

const FOREVER = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c'

let service: TestService
let analyst: { baseUrl: string; token: string }

beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_SQL: 'true' } })
  const { text, record } = newToken('analyst', 'sql', new Date())
  await updateTokenFile(`${service.dir}/tokens.json`, (records) => [...records, record])
  analyst = { baseUrl: service.baseUrl, token: text }
})
afterAll(() => service.close())

describe('an answer', () => {
  it('has columns, rows and the dataset version', async () => {
    const sql = `SELECT id, open_weights, input_usd, status FROM v_model WHERE id = 'openai/gpt-4o'`
    const { status, headers, body } = await ask(analyst, { sql })
    expect(status).toBe(200)
    expect(body).toEqual({
      columns: ['id', 'open_weights', 'input_usd', 'status'],
      rows: [['openai/gpt-4o', 0, 2.5, null]],
      truncated: false,
    })
    const list = await fetch(`${service.baseUrl}/api/v1/inference/catalog`, {
      headers: { Authorization: `Bearer ${service.token}` },
    })
    expect(headers.get('x-dataset-version')).toBe(list.headers.get('x-dataset-version'))
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('keeps every digit, and names twice-used columns twice', async () => {
    const answer = await fetch(`${service.baseUrl}/api/v1/inference/sql`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${analyst.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        sql: `SELECT 9223372036854775807 AS a, 1.5 AS a, x'00ff', 9e999, 'ü\u{1f600}'`,
      }),
    })
    expect(await answer.text()).toBe(
      `{"columns":["a","a","x'00ff'","9e999","'ü\u{1f600}'"],"rows":[[9223372036854775807,1.5,{"$base64":true,"encoded":"AP8="},null,"ü\u{1f600}"]],"truncated":false}`,
    )
  })

  it.each([
    ['a list', 'SELECT ?, ?, ?, ?', ['x', 3, true, null], ['x', 3, 1, null]],
    ['an object', 'SELECT :a, $b, @c', { a: 'x', b: 1.5, c: false }, ['x', 1.5, 0]],
    ['whole numbers', 'SELECT typeof(?), typeof(?)', [5, 5.5], ['integer', 'real']],
    ['too few', 'SELECT ?, ?', ['x'], ['x', null]],
  ])('binds %s', async (_, sql, params, row) => {
    expect((await ask(analyst, { sql, params })).body.rows).toEqual([row])
  })

  it.each([
    [{ sql: 'SELECT id FROM model', limit: 3 }, 3, true],
    [{ sql: 'SELECT id FROM model LIMIT 3', limit: 3 }, 3, false],
    [{ sql: 'SELECT id FROM model' }, 1000, true],
    [{ sql: 'SELECT id FROM model', limit: 10_000 }, 8337, false],
  ])('to %j has %i rows', async (statement, count, truncated) => {
    const { body } = await ask(analyst, statement)
    expect([body.rows?.length, body.truncated]).toEqual([count, truncated])
  })

  it('ends before it has more than 8 MiB', async () => {
    const sql = `SELECT hex(zeroblob(100000)) FROM model`
    const { body } = await ask(analyst, { sql, limit: 10_000 })
    expect([body.rows?.length, body.truncated]).toEqual([41, true])
  })

  it('to nothing found has columns and no rows', async () => {
    const { body } = await ask(analyst, { sql: `SELECT id, name FROM model WHERE id = 'no such'` })
    expect(body).toEqual({ columns: ['id', 'name'], rows: [], truncated: false })
  })
})

describe('a request', () => {
  it.each([
    ['no JSON', '{"sql"', 400, /no valid JSON/],
    ['no object', '["SELECT 1"]', 400, /JSON object/],
    ['null', 'null', 400, /JSON/],
    ['an unknown key', { sql: 'SELECT 1', sqll: 1 }, 422, /^sqll: is no key/],
    ['no statement', {}, 422, /^sql: is missing/],
    ['a number', { sql: 1 }, 422, /^sql: must be a text/],
    ['a wrong limit', { sql: 'SELECT 1', limit: 0 }, 422, /^limit: must be at least 1/],
    ['a limit of text', { sql: 'SELECT 1', limit: '5' }, 422, /^limit: must be an integer/],
    ['too high a limit', { sql: 'SELECT 1', limit: 10_001 }, 422, /^limit: must be at most 10000/],
    ['nested parameters', { sql: 'SELECT ?', params: [[1]] }, 422, /^params: must be a list/],
    ['several faults', { limit: 0, x: 1 }, 422, /sql: is missing; limit: .*; x: is no key/],
    ['a parameter nobody asks for', { sql: 'SELECT :a', params: { b: 1 } }, 400, /b/],
    ['too many parameters', { sql: 'SELECT ?', params: [1, 2] }, 400, /range/],
    ['a syntax error', { sql: 'SELEC 1' }, 400, /near "SELEC": syntax error/],
    ['an unknown table', { sql: 'SELECT * FROM nowhere' }, 400, /no such table: nowhere/],
    ['an unknown column', { sql: 'SELECT nowhere FROM model' }, 400, /no such column: nowhere/],
    ['another file', { sql: `ATTACH 'x.db' AS x` }, 400, /not ATTACH/],
    ['an internal table', { sql: 'SELECT * FROM main.entry' }, 400, /no such table: main.entry/],
    ['a change', { sql: 'DELETE FROM model RETURNING id' }, 400, /Only reading is allowed/],
    ['two statements', { sql: 'SELECT 1; SELECT 2' }, 400, /Only one statement/],
    ['64 KiB', { sql: `SELECT '${'x'.repeat(64 * 1024)}'` }, 400, /longer than 64 KiB/],
  ])('with %s is refused', async (_, body, status, detail) => {
    const answer = await ask(analyst, body)
    expect(answer.body).toMatchObject({ code: status, detail: expect.stringMatching(detail) })
    expect(answer.status).toBe(status)
  })

  it.each([
    ['no content type', { 'Content-Type': '' }],
    ['another content type', { 'Content-Type': 'text/plain' }],
    ['a compressed body', { 'Content-Encoding': 'gzip' }],
    ['another charset', { 'Content-Type': 'application/json; charset=latin1' }],
  ])('with %s is refused', async (_, headers) => {
    expect(await ask(analyst, { sql: 'SELECT 1' }, { headers })).toMatchObject({
      status: 400,
      body: { type: 'invalid_error' },
    })
  })

  it('needs the scope, whatever else is wrong with it', async () => {
    expect(await ask(service, '{"sql"')).toMatchObject({ status: 403, body: { type: 'forbidden_error' } })
    expect(await ask({ ...service, token: '' }, {})).toMatchObject({ status: 401 })
    expect(await ask(analyst, { sql: 'SELECT 1' })).toMatchObject({ status: 200 })
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('by %s finds no route', async (method) => {
    const { status } = await fetch(`${service.baseUrl}/api/v1/inference/sql`, {
      method,
      headers: { Authorization: `Bearer ${analyst.token}` },
    })
    expect(status).toBe(404)
  })

  it('finds no route where SQL is off', async () => {
    const off = await seededService({ env: { MODELDEX_NO_AUTH: 'true' } })
    try {
      expect(await ask(off, { sql: 'SELECT 1' })).toMatchObject({ status: 404 })
    } finally {
      await off.close()
    }
  })
})

describe('a query that would go on for ever', () => {
  it('is killed after 5 s, and the service goes on meanwhile', async () => {
    const endless = ask(analyst, { sql: FOREVER })
    expect(await ask(analyst, { sql: 'SELECT 1' })).toMatchObject({ status: 200 })
    expect(await endless).toMatchObject({
      status: 400,
      body: { type: 'invalid_error', detail: 'The query took longer than 5 s and was stopped' },
    })
  })

  it.each([
    ['joins', 'SELECT count(*) FROM model a, model b, model c, model d WHERE a.name < b.name'],
    [
      'compiles',
      `WITH ${Array.from({ length: 40 }, (_, at) => `t${at + 1} AS (SELECT * FROM t${at} a, t${at} b)`)
        .join(', ')
        .replace('t1 AS', 't0 AS (SELECT 1), t1 AS')} SELECT count(*) FROM t40`,
    ],
    ['gathers text', FOREVER.replace('count(*)', 'group_concat(x)')],
  ])('is stopped while it %s', async (_, sql) => {
    expect(await ask(analyst, { sql })).toMatchObject({ status: 400 })
  })

  it.each([
    ['sorts', `${FOREVER.replace('count(*)', 'x, hex(zeroblob(5000))')} ORDER BY -x`],
    ['collects', 'SELECT json_group_array(hex(zeroblob(5000))) FROM model, model_cost'],
    ['keeps apart', `${FOREVER.replace('count(*)', 'count(DISTINCT x || hex(zeroblob(5000)))')}`],
    ['makes wide rows', `SELECT ${Array.from({ length: 500 }, () => 'hex(zeroblob(500000))').join()}`],
  ])('is killed for its memory while it %s', async (_, sql) => {
    expect(await ask(analyst, { sql })).toMatchObject({
      status: 400,
      body: { detail: 'The query needed more than 256 MiB of memory and was stopped' },
    })
  })

  it('dies with its client', async () => {
    const controller = new AbortController()
    const left = ask(analyst, { sql: FOREVER }, { signal: controller.signal }).catch(() => 'left')
    await runningChildren(2)
    controller.abort()
    expect(await left).toBe('left')
    await runningChildren(1)
  })
})

it('runs two at a time, lets eight wait, and sends the rest away', async () => {
  const controller = new AbortController()
  const answers = Array.from({ length: 12 }, () =>
    ask(analyst, { sql: FOREVER }, { signal: controller.signal }).catch(() => undefined),
  )
  const first = await Promise.race(answers)
  expect(first).toMatchObject({ status: 429, body: { type: 'usage_limit_exceeded_error' } })
  expect(first?.headers.get('retry-after')).toBe('1')
  const sentAway = await Promise.all(answers)
  expect(sentAway.filter((answer) => answer?.status === 429)).toHaveLength(10)
  expect(sentAway.filter((answer) => answer?.status === 400)).toHaveLength(2)
  expect(await ask(analyst, { sql: 'SELECT 1' })).toMatchObject({ status: 200 })
})

it('answers from one catalog or the other while an ingest commits', async () => {
  const other = await seededService({
    env: { MODELDEX_SQL: 'true', MODELDEX_NO_AUTH: 'true' },
  })
  try {
    const count = { sql: 'SELECT (SELECT count(*) FROM v_model), (SELECT models FROM dataset)' }
    const before = await ask(other, count)
    const source = `${other.dir}/small.json`
    const small = { a: { id: 'a', models: { m: { id: 'm', name: 'M' } } } }
    writeFileSync(source, JSON.stringify(small))
    const ingesting = ingest({ db: other.db, from: source })
    const during = await ask(other, count)
    await ingesting
    const after = await ask(other, count)
    expect(before.body.rows).toEqual([[8337, 8337]])
    expect([JSON.stringify([[8337, 8337]]), JSON.stringify([[1, 1]])]).toContain(
      JSON.stringify(during.body.rows),
    )
    expect(after.body.rows).toEqual([[1, 1]])
    expect(after.headers.get('x-dataset-version')).not.toBe(before.headers.get('x-dataset-version'))
  } finally {
    await other.close()
  }
  await runningChildren(1)
})

it('tells its processes nothing of the environment', () => {
  const environments = children().map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'))
  expect(environments).toEqual([''])
})

/** Processes of this one that run or wait for statements. */
function children(): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [, pid = '', parent, command = ''] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? []
    return parent === String(process.pid) && command.includes(' sql-child ') ? [pid] : []
  })
}

async function runningChildren(count: number): Promise<void> {
  await expect.poll(() => children().length, { timeout: 4_000 }).toBe(count)
}
