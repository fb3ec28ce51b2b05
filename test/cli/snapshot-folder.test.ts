import {
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FIRST } from '../snapshot/files.ts'
import { folderForTest, serve } from './serving.ts'

/** Serves with its temporary files in `TMPDIR`, and makes a snapshot. Gives the folder that it is in. */
async function serveSnapshot(TMPDIR: string) {
  const cwd = folderForTest()
  writeFileSync(join(cwd, 'source.json'), JSON.stringify(FIRST))
  const env = { TMPDIR, MODELDEX_TOKEN: 'reads' }
  const program = await serve(['--source', 'source.json'], { cwd, env })
  const [url = ''] = /http:\/\/[\d.:]+/.exec(program.stdout()) ?? []
  const others = readdirSync(TMPDIR)
  const snapshot = async () => {
    const headers = { Authorization: 'Bearer reads' }
    return (await fetch(`${url}/api/v1/inference/snapshot`, { headers })).arrayBuffer()
  }
  expect((await snapshot()).byteLength).toBeGreaterThan(0)
  const [name = ''] = readdirSync(TMPDIR).filter((name) => !others.includes(name))
  return { ...program, snapshot, folder: join(TMPDIR, name) }
}

/** As if it had been made an hour ago. */
function age(path: string): void {
  const hourAgo = Date.now() / 1000 - 3600
  lutimesSync(path, hourAgo, hourAgo)
}

it('the snapshots of a server that was killed are removed by the next one, and no others', async () => {
  const TMPDIR = folderForTest()
  const killed = await serveSnapshot(TMPDIR)
  killed.child.kill('SIGKILL')
  await killed.closed
  const living = await serveSnapshot(TMPDIR)
  // One that was made just now may be about to be locked.
  expect(existsSync(killed.folder)).toBe(true)

  const elsewhere = folderForTest()
  writeFileSync(join(elsewhere, 'lock'), '')
  const link = join(TMPDIR, 'modeldex-snapshots-link')
  const another = join(TMPDIR, 'modeldex-snapshots-another')
  symlinkSync(elsewhere, link)
  mkdirSync(another)
  writeFileSync(join(another, 'kept.txt'), '')
  for (const path of [killed.folder, living.folder, link, another]) age(path)
  utimesSync(elsewhere, 0, 0)

  const next = await serveSnapshot(TMPDIR)
  const kept = [living.folder, next.folder, link, another]
  expect(
    readdirSync(TMPDIR)
      .map((name) => join(TMPDIR, name))
      .sort(),
  ).toEqual(kept.sort())
  expect(readdirSync(elsewhere)).toEqual(['lock'])
  expect((await living.snapshot()).byteLength).toBeGreaterThan(0)
})
