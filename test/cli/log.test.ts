import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openLog } from '../../src/cli/log.ts'
import { temporaryFolder } from '../service.ts'
import { startProgram } from './program.ts'

function folderForTest(): string {
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function logForTest() {
  const file = join(folderForTest(), 'log')
  const descriptor = openSync(file, 'w')
  const { log, close } = openLog('info', descriptor)
  onTestFinished(() => {
    close()
    closeSync(descriptor)
  })
  const messages = () => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line).msg)
  }
  return { log, close, messages }
}

it('lets lines wait, but not for long', async () => {
  const { log, messages } = logForTest()
  log.info('one')
  log.debug('below the level')
  expect(messages()).toEqual([])
  await expect.poll(messages).toEqual(['one'])
})

it('writes an error at once, and all before it', () => {
  const { log, messages } = logForTest()
  log.info('one')
  log.error('two')
  expect(messages()).toEqual(['one', 'two'])
})

it('writes when much is waiting, and the rest when it is closed', () => {
  const { log, close, messages } = logForTest()
  for (let line = 0; line < 1_000; line++) log.info(`${line}`)
  const written = messages().length
  expect(written).toBeGreaterThan(500)
  expect(written).toBeLessThan(1_000)
  close()
  expect(messages()).toEqual(Array.from({ length: 1_000 }, (_, line) => `${line}`))
})

it.each([
  ['is told to stop', 'SIGTERM', 0],
  ['crashes', 'SIGUSR2', 1],
] as const)('the service loses no line when it %s', async (_name, signal, exitCode) => {
  const cwd = folderForTest()
  writeFileSync(join(cwd, 'source.json'), JSON.stringify({ acme: { models: { one: { name: 'One' } } } }))
  writeFileSync(join(cwd, 'crash.mjs'), "process.on('SIGUSR2', () => { throw new Error('crashed') })")
  const child = startProgram(['serve', '--port', '0', '--source', 'source.json', '--no-auth'], {
    cwd,
    node: ['--import', './crash.mjs'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  await expect.poll(() => stdout, { timeout: 20_000 }).toContain('curl')
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(stdout) ?? []
  const paths = ['/first', '/second', '/third']
  for (const path of paths) await (await fetch(url + path)).text()
  child.kill(signal)
  expect(await once(child, 'close')).toEqual([exitCode, null])
  for (const path of paths) expect(stderr).toContain(`"path":"${path}","status":404`)
})
