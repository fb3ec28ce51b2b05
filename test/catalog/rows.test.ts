import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseBrowseQuery } from '../../src/catalog/browse-params.ts'
import { openCatalog } from '../../src/catalog/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'

const OPENAI = parseBrowseQuery([
  ['provider', 'openai'],
  ['format', 'ndjson'],
])

test('rows stay those of one catalog while another is loaded', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'catalog.db')
  copyFileSync(await seededCatalog(), file)
  const catalog = openCatalog(file)
  onTestFinished(() => {
    catalog.close()
    rmSync(folder, { recursive: true })
  })
  const before = catalog.rows(OPENAI)
  const whole = catalog.rows(OPENAI)
  const expected = whole.next(before.total)
  whole.close()
  const read = before.next(1)

  const source = join(folder, 'api.json')
  writeFileSync(source, JSON.stringify({ openai: { models: { only: { name: 'Only' } } } }))
  await ingest({ db: file, from: source })

  for (let piece = before.next(7); piece.length > 0; piece = before.next(7)) read.push(...piece)
  before.close()
  expect(read).toEqual(expected)
  const after = catalog.rows(OPENAI)
  expect([after.total, after.next(9).map((json) => JSON.parse(json).id)]).toEqual([1, ['openai/only']])
  expect(after.version).not.toBe(before.version)
  after.close()
})
