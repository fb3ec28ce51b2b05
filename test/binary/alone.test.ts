import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { greeting } from '../cli/program.ts'
import { firstPermitted } from '../docs/offline.ts'
import { bearer } from '../http/wire.ts'
import { temporaryFolder } from '../service.ts'
import { BINARY, librariesOf } from './binary.ts'

/** What the kernel provides is there, as on every machine; else only the libraries of glibc, libstdc++ and libgcc. */
const ENTER = `
  mount --rbind /proc "$0/proc" && mount --bind /dev/null "$0/dev/null" &&
  exec env -i "$(command -v chroot)" "$0" /modeldex "$@"`
const LIBRARIES = [
  ...['ld-linux-x86-64.so.2', 'libc.so.6', 'libdl.so.2', 'libgcc_s.so.1', 'libm.so.6', 'libpthread.so.0'],
  'libstdc++.so.6',
]
/** Mounts of its own, so that they go with it. A user who is not root needs a user namespace, too. */
const NAMESPACES = [
  ['unshare', '--mount'],
  ['unshare', '--map-root-user', '--mount'],
]

const root = temporaryFolder()
const ON_FILES = ['--db', '/empty/catalog.db']
let namespace: string[] | undefined

beforeAll(async () => {
  const libraries = librariesOf(BINARY)
  expect(libraries.map((path) => path.replace(/.*\//, '')).sort()).toEqual(LIBRARIES)
  for (const path of libraries) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    copyFileSync(path, join(root, path))
  }
  for (const folder of ['proc', 'dev', 'empty']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'dev/null'), '')
  copyFileSync(BINARY, join(root, 'modeldex'))
  namespace = await firstPermitted(NAMESPACES)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Runs the binary where there is no Node, no shell, no environment and no temporary folder. */
function startAlone(args: string[]) {
  const [command = '', ...options] = [...(namespace ?? []), 'sh', '-c', ENTER, root, ...args]
  const path = `${process.env.PATH}:/usr/sbin:/sbin`
  return spawn(command, options, { env: { PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function runAlone(args: string[]) {
  const child = startAlone(args)
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await once(child, 'close')
  const [stdout, stderr] = await said
  return { code, stdout, stderr }
}

describe('with nothing but glibc, libstdc++ and libgcc', () => {
  it('runs its commands', async ({ skip }) => {
    if (namespace === undefined) skip('mount namespaces are not permitted here')
    expect(existsSync(join(root, 'tmp'))).toBe(false)
    expect(await runAlone(['ingest', ...ON_FILES])).toMatchObject({ code: 0, stderr: '' })
    const query = 'SELECT count(*) AS models FROM v_model'
    expect(await runAlone(['sql', '--csv', query, ...ON_FILES])).toEqual({
      code: 0,
      stdout: 'models\r\n8337\r\n',
      stderr: '',
    })
    const exported = await runAlone(['snapshot', 'export', '/empty/snapshot.db', ...ON_FILES])
    expect(exported).toMatchObject({ code: 0, stderr: '' })
    expect(await runAlone(['snapshot', 'verify', '/empty/snapshot.db'])).toMatchObject({
      code: 0,
      stderr: '',
    })
  })

  it('serves the catalog of today and of another day, in every format, and stops', async ({ skip }) => {
    if (namespace === undefined) skip('mount namespaces are not permitted here')
    const settings = [
      '--port',
      '0',
      '--log-level',
      'silent',
      '--tokens-file',
      '/empty/tokens.json',
      ...ON_FILES,
    ]
    const child = startAlone(['serve', ...settings])
    const closed = once(child, 'close')
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await closed
    })
    const { url, token = '' } = await greeting(child)
    const list = '/api/v1/inference/catalog?query=claude&limit=1'
    const paths = [list, `${list}&at=2026-03-31`, '/api.json', '/docs/swagger-ui-bundle.js', '/openapi.json']
    for (const path of paths) {
      const answer = await fetch(url + path, { headers: bearer(token) })
      expect({ path, status: answer.status }).toEqual({ path, status: 200 })
      expect((await answer.text()).length).toBeGreaterThan(0)
    }
    child.kill('SIGTERM')
    expect(await closed).toEqual([0, null])
  })
})
