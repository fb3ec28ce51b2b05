import { once } from 'node:events'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram, startProgram } from '../cli/program.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { call, connected, programTransport } from './clients.ts'

const dir = temporaryFolder()
const db = join(dir, 'catalog.db')
beforeAll(async () => copyFileSync(await seededCatalog(), db))
afterAll(() => rmSync(dir, { recursive: true }))

const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
}

/** Gives the program all of its stdin at once. */
async function answersTo(stdin: string) {
  const child = startProgram(['mcp', '--db', db])
  child.stdin.end(stdin)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return {
    code,
    stderr,
    answers: stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  }
}

function lineOf(message: object): string {
  return `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`
}

it('answers all that was asked before stdin ended, then ends', async () => {
  const search = { method: 'tools/call', params: { name: 'search_models', arguments: { limit: 1 } } }
  const calls = Array.from({ length: 20 }, (_, at) => lineOf({ id: at + 1, ...search }))
  const { code, stderr, answers } = await answersTo(lineOf({ id: 0, ...INITIALIZE }) + calls.join(''))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 21 }, (_, id) => id))
})

it('prints nothing but the protocol, whatever it reads', async () => {
  const stdin = `no JSON\n[]\n{"id":1}\n\u0000\n${lineOf({ id: 7, method: 'ping' })}{"cut":`
  const { code, stderr, answers } = await answersTo(stdin)
  expect(answers).toEqual([{ jsonrpc: '2.0', id: 7, result: {} }])
  expect(stderr.split('\n').filter((line) => line.startsWith('modeldex: '))).toHaveLength(4)
  expect(code).toBe(0)
})

it('ends when nobody reads its answers', async () => {
  const child = startProgram(['mcp', '--db', db])
  child.stdout.destroy()
  child.stdin.write(lineOf({ id: 0, ...INITIALIZE }))
  child.stdin.on('error', () => undefined)
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
})

it('says at once what is wrong with the file, on stderr', async () => {
  const { code, stdout, stderr } = await runProgram(['mcp', '--db', join(dir, 'none.db')])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^modeldex: there is no catalog file .*none\.db: make one with: modeldex ingest/)
})

it('ends with its client', async () => {
  const transport = programTransport(db)
  const client = await connected(transport)
  await call(client, 'get_model', { id: 'openai/gpt-4o' })
  const { pid } = transport
  if (pid === null) throw new Error('the client started no program')
  await client.close()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
