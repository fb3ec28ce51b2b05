import { truncateSync } from 'node:fs'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { serviceForTest } from '../http/wire.ts'
import { connected, faultOf, programTransport, serviceTransport } from './clients.ts'

/** What an agent may know. */
const SAID = 'The catalog database cannot be read'
const WHY = /SQLITE_|malformed|disk image/

it('a file that fails under the service is told in general, and to the log in full', async () => {
  const lines: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => lines.push(line) })
  const service = await serviceForTest({ log })
  const client = await connected(serviceTransport(service))
  truncateSync(service.db, 4096)
  expect(await faultOf(client, 'search_models', { query: 'gpt' })).toBe(SAID)
  expect(await faultOf(client, 'get_model', { id: 'openai/gpt-4o' })).toBe(SAID)
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(WHY)
})

it('so it is over stdio, where the log is stderr', async () => {
  const service = await serviceForTest()
  const transport = programTransport(service.db)
  let stderr = ''
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const client = await connected(transport)
  truncateSync(service.db, 4096)
  expect(await faultOf(client, 'search_models', { query: 'gpt' })).toBe(SAID)
  await client.close()
  expect(stderr).toMatch(/^modeldex: /)
  expect(stderr).toMatch(WHY)
})
