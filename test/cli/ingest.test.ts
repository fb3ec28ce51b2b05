import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../service.ts'
import { fakeUpstream, sends, trickles } from '../source/fake-upstream.ts'
import { BIN, runProgram } from './program.ts'

const CATALOG = { acme: { models: { a: { name: 'A' }, b: { name: 'B' } } } }
const SPOILT = { acme: { models: { ...CATALOG.acme.models, bad: { name: 7 } } } }

function folderForTest() {
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const source = join(folder, 'source.json')
  return {
    db: join(folder, 'catalog.db'),
    source,
    write: (content: object | string) =>
      writeFileSync(source, typeof content === 'string' ? content : JSON.stringify(content)),
  }
}

it('prints what it did on stdout, and what it set aside on stderr', async () => {
  const { db, source, write } = folderForTest()
  write(SPOILT)
  const first = await runProgram(['ingest', '--from', source, '--db', db, '--allow-invalid'])
  expect(first).toMatchObject({
    code: 0,
    stderr: 'set aside: "acme".models."bad".name: is no text but number\n',
  })
  const [what, changes, version, end] = first.stdout.split('\n')
  expect(what).toMatch(/catalog\.db: 2 models of 1 provider from .*source\.json, \d+\.\d\d s$/)
  expect(changes).toBe('added 2, removed 0, changed 0, set aside 1')
  expect(version).toMatch(/^version [0-9a-f]{64}$/)
  expect(end).toBe('')

  write({ acme: { models: { b: { name: 'Bee' }, c: {} } } })
  const second = await runProgram(['ingest', '--from', source, '--db', db])
  expect(second).toMatchObject({ code: 0, stderr: '' })
  expect(second.stdout).toContain('\nadded 1, removed 1, changed 1, set aside 0\n')

  const third = await runProgram(['ingest', '--from', source, '--db', db])
  expect(third.stdout).toContain('\nadded 0, removed 0, changed 0, set aside 0 (the same catalog again)\n')
  expect(third.stdout.split('\n')[2]).toBe(second.stdout.split('\n')[2])
})

it('exits with 1 and one line where the source is no catalog, and changes nothing', async () => {
  const { db, source, write } = folderForTest()
  write('<!doctype html>')
  const refused = await runProgram(['ingest', '--from', source, '--db', db])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^modeldex: the source is no models\.dev catalog: it is no JSON .*\n$/)
  expect(existsSync(db)).toBe(false)

  write(CATALOG)
  await runProgram(['ingest', '--from', source, '--db', db])
  const before = readFileSync(db)
  write('{"acme": {"models": {')
  expect(await runProgram(['ingest', '--from', source, '--db', db])).toMatchObject({ code: 1 })
  expect(readFileSync(db).equals(before)).toBe(true)
})

it('refuses a source that lost or spoilt too much, until told otherwise', async () => {
  const { db, source, write } = folderForTest()
  const ingest = (...flags: string[]) => runProgram(['ingest', '--from', source, '--db', db, ...flags])
  write(SPOILT)
  expect(await ingest()).toEqual({
    code: 1,
    stdout: '',
    stderr:
      "modeldex: 1 of the source's 3 models do not parse, more than 5 %: --allow-invalid takes the rest\n",
  })
  write(CATALOG)
  expect(await ingest()).toMatchObject({ code: 0 })
  write({ acme: { models: { c: {} } } })
  expect(await ingest()).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/has 1 models and lacks 2 of the 2 .*--allow-shrink takes it\n$/),
  })
  expect(await ingest('--allow-shrink')).toMatchObject({ code: 0 })
})

it('follows the limits it is given, and the proxy of the environment where Node is told to', async () => {
  const { db } = folderForTest()
  const upstream = await fakeUpstream(trickles)
  const slow = await runProgram(['ingest', '--from', upstream.url, '--db', db, '--fetch-timeout', '1'])
  expect(slow).toMatchObject({ code: 1, stdout: '' })
  expect(slow.stderr).toBe(`modeldex: ${upstream.url} did not answer in full within 1 s\n`)
  upstream.answer = sends(' '.repeat(1_000_001))
  const large = await runProgram(['ingest', '--from', upstream.url, '--db', db, '--fetch-limit', '1'])
  expect(large.stderr).toMatch(/sent more than 1000000 bytes\n$/)

  upstream.answer = sends(CATALOG)
  const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: upstream.origin }
  const remote = ['ingest', '--from', 'http://models.invalid/api.json', '--db', db]
  expect(await runProgram(remote, { env })).toMatchObject({ code: 0 })
  expect(upstream.requests.at(-1)?.url).toBe('http://models.invalid/api.json')
})

it('exits with 1 naming a damaged file and the command that rebuilds it, and with 2 when used wrongly', async () => {
  const { db, source, write } = folderForTest()
  write(CATALOG)
  writeFileSync(db, 'no database'.repeat(20))
  const damaged = await runProgram(['ingest', '--from', source, '--db', db])
  expect(damaged).toMatchObject({ code: 1, stdout: '' })
  expect(damaged.stderr).toContain(db)
  expect(damaged.stderr).toContain('modeldex ingest --db')
  expect(readFileSync(db, 'utf8')).toBe('no database'.repeat(20))
  expect(await runProgram(['ingest', '--refresh', '@hourly'])).toMatchObject({ code: 2, stdout: '' })
})

/** Of util-linux: runs a command on a terminal of its own. */
const SCRIPT = 'script'
const hasTerminal = spawnSync(SCRIPT, ['--version']).status === 0

it.runIf(hasTerminal || process.env.CI)('shows a progress line on a terminal, and takes it away', () => {
  const { db } = folderForTest()
  const command = [process.execPath, BIN, 'ingest', '--db', db].map((part) => `'${part}'`).join(' ')
  const { stdout, status } = spawnSync(SCRIPT, ['-qec', command, '/dev/null'], { encoding: 'utf8' })
  expect(status).toBe(0)
  expect(stdout).toContain('\r\u001b[KWriting models: 4,000 of 8,337')
  const [shown = '', left = ''] = stdout.split('Writing models: 8,337 of 8,337')
  expect(shown).not.toBe('')
  expect(left).toMatch(/8,337 models of 225 providers from seed/)
  expect(left.startsWith('\r\u001b[K')).toBe(true)
})
