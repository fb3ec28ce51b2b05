import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolder } from '../../src/program/folder.ts'
import { runProgram } from './program.ts'
import { folderForTest, folderWithCatalog } from './serving.ts'

it.each([
  ['ingest', '--db', '/proc/none/catalog.db'],
  ['token', 'create', 'name', '--tokens-file', '/proc/none/tokens.json'],
  ['snapshot', 'export', '/proc/none/snapshot.db'],
])('%s fails where its folder cannot be made', async (...args) => {
  const cwd = await folderWithCatalog()
  // What would try for ever is ended.
  const { code, stdout, stderr } = await runProgram(args, { cwd, wrapper: ['timeout', '20'] })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^modeldex: .*\/proc\/none.*\n$/)
})

it('folders are made with those that lead to them, and left as they are', () => {
  const folder = folderForTest()
  const wanted = join(folder, 'a/b/c')
  for (let time = 0; time < 2; time++) makeFolder(wanted)
  writeFileSync(join(wanted, 'file'), '')
  expect(() => makeFolder(join(wanted, 'file/d'))).toThrow(/file/)
  rmSync(join(folder, 'a/b'), { recursive: true })
  mkdirSync(join(folder, 'a/b'))
  makeFolder(wanted)
})
