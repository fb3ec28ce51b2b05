import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { openForReading, openForWriting, withDatabase } from '../../src/db/open.ts'
import { BINARY, runProgram } from './program.ts'
import { folderForTest, folderWithCatalog, serve } from './serving.ts'

/** Pastes a line into a shell. */
async function paste(line: string, env: Record<string, string> = {}): Promise<unknown> {
  const { stdout } = await promisify(execFile)('sh', ['-c', line], {
    env: { PATH: process.env.PATH, ...env },
  })
  return JSON.parse(stdout)
}

it('seeds an empty folder, prints a token once and a line that works, and stops when told', async () => {
  const cwd = folderForTest()
  const first = await serve([], { cwd })
  expect(first.stdout()).toMatch(
    /listens on http:\/\/127\.0\.0\.1:\d+\nCatalog: 8337 models of 225 providers, version /,
  )
  const [token = ''] = /mdx_\S{43}/.exec(first.stdout()) ?? []
  expect(first.stdout()).toMatch(new RegExp(`http://127\\.0\\.0\\.1:\\d+/#token=${token}\n`))
  expect(await paste(first.curl)).toMatchObject({ total: expect.any(Number) })
  await expect.poll(() => first.stderr()).toContain('"path":"/api/v1/inference/catalog","status":200')
  expect(first.stderr()).not.toContain(token)
  first.child.kill('SIGTERM')
  expect(await first.closed).toEqual([0, null])

  const second = await serve([], { cwd })
  expect(second.stdout()).not.toContain('mdx_')
  expect(second.curl).toContain('Bearer $MODELDEX_TOKEN')
  expect(await paste(second.curl, { MODELDEX_TOKEN: token })).toMatchObject({ total: expect.any(Number) })
  second.child.kill('SIGINT')
  expect(await second.closed).toEqual([0, null])
})

it('makes the catalog anew where only what SQLite kept beside the old one is left', async () => {
  const cwd = await folderWithCatalog()
  const file = join(cwd, 'data/catalog.db')
  withDatabase(openForWriting(file), (db) => {
    db.exec("UPDATE dataset SET source = 'lost'; CREATE TABLE lost (x); INSERT INTO lost VALUES (1)")
    copyFileSync(`${file}-wal`, `${file}-kept`)
  })
  rmSync(file)
  renameSync(`${file}-kept`, `${file}-wal`)
  const { stdout } = await serve(['--no-auth'], { cwd })
  expect(stdout()).toContain('Catalog: 8337 models')
  const read = "SELECT source, (SELECT count(*) FROM sqlite_schema WHERE name = 'lost') FROM dataset"
  const rows = withDatabase(openForReading(file), (db) => db.prepare(read).raw().get())
  expect(rows).toEqual(['seed', 0])
})

it.skipIf(BINARY !== undefined)(
  'takes back what an earlier start compiled, though it then changes V8’s flags',
  async () => {
    const cwd = await folderWithCatalog()
    const start = async () => {
      const env = { NODE_COMPILE_CACHE: join(cwd, 'compiled'), NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }
      const service = await serve(['--no-auth'], { cwd, env })
      // Some modules are loaded by the first request to need them.
      await paste(service.curl)
      service.child.kill('SIGTERM')
      await service.closed
      const { length: taken } = service.stderr().match(/V8 code cache for .* was accepted/g) ?? []
      const { length: refused } = service.stderr().match(/V8 code cache for .* was rejected/g) ?? []
      return { taken, refused }
    }
    // The threads of a start share a few modules already.
    const first = await start()
    const second = await start()
    expect([first.refused, second.refused]).toEqual([0, 0])
    expect(second.taken).toBeGreaterThan(first.taken + 100)
  },
)

it('needs no token when told so', async () => {
  const { curl, stdout } = await serve(['--no-auth'], { cwd: await folderWithCatalog() })
  expect(stdout()).not.toMatch(/token/i)
  expect(await paste(curl)).toMatchObject({ total: expect.any(Number) })
})

it('writes IPv6 addresses as URLs have them', async () => {
  const { stdout } = await serve(['--host', '::1', '--no-auth'], { cwd: await folderWithCatalog() })
  expect(stdout()).toMatch(/listens on http:\/\/\[::1\]:\d+\n/)
})

it('fails clearly when the port is taken, and makes no token then', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const cwd = await folderWithCatalog()
  const { code, stdout, stderr } = await runProgram(['serve', '--port', port], { cwd })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe(
    `modeldex: http://127.0.0.1:${port} is in use by another program: take another port with --port\n`,
  )
  expect(readdirSync(join(cwd, 'data'))).not.toContain('tokens.json')
})

it.each([
  ['a catalog', 'data/catalog.db', /damaged or no catalog.*modeldex ingest/],
  ['a token file', 'data/tokens.json', /tokens\.json is damaged/],
])('fails clearly on %s that is damaged', async (_name, file, line) => {
  const cwd = await folderWithCatalog()
  writeFileSync(join(cwd, file), 'nonsense')
  const { code, stdout, stderr } = await runProgram(['serve', '--port', '0'], { cwd })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^modeldex: [^\n]+\n$/)
  expect(stderr).toMatch(line)
})
