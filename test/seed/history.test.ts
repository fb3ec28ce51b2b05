import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../service.ts'
import { FIXTURES, readText, SEED } from './read-seed.ts'

const run = promisify(execFile)
const dir = temporaryFolder()
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('the history of the seed', () => {
  const text = readText('history.json')
  const { states } = JSON.parse(text)

  test('is facts only, one change a line', () => {
    expect(text).not.toContain('"description"')
    const changes = states.flatMap((state: { changes: unknown[] }) => state.changes)
    expect(text.split('\n').filter((line) => line.startsWith('["'))).toHaveLength(changes.length)
  })

  test('holds fifteen dates and is what HISTORY.md says', () => {
    expect(states.map(({ date }: { date: string }) => date)).toHaveLength(15)
    const page = readText('HISTORY.md')
    for (const { date, version } of states) {
      const [row = ''] = page.split('\n').filter((line) => line.startsWith(`| ${date} |`))
      expect(row).toContain(version.slice(0, 16))
    }
    const [, day] = /^- Date: (.*)$/m.exec(readText('SOURCE.md')) ?? []
    expect(states.at(-1).date).toBe(day)
  })
})

describe('seed:history', () => {
  const source = join(dir, 'catalogs')
  const seedHistory = (from: string) => run(process.execPath, [join(SEED, 'history.ts'), from, '--out', dir])

  test('writes what tells catalogs of several dates apart', async () => {
    mkdirSync(source)
    const fixture = (name: string) => readFileSync(join(FIXTURES, name))
    writeFileSync(join(source, '2025-11-30.json'), fixture('ids-poe-2025-11.json'))
    writeFileSync(join(source, '2025-12-30.json.gz'), gzipSync(fixture('ids-poe-2025-12.json')))
    const { stdout } = await seedHistory(source)
    const written = readFileSync(join(dir, 'history.json'), 'utf8')
    const [first, second] = JSON.parse(written).states
    expect(first).toMatchObject({ date: '2025-11-30', providers: 1, models: 3, changes: [] })
    expect(second.date).toBe('2025-12-30')
    expect(second.changes).toContainEqual(['renamed', 'poe/openai/gpt-3.5-turbo', 'poe/openAi/gpt-3.5-turbo'])
    expect(stdout).toBe(`seed: 2 states, ${second.changes.length} changes\n`)
    await seedHistory(source)
    expect(readFileSync(join(dir, 'history.json'), 'utf8')).toBe(written)
  })

  test('refuses a folder without catalogs, and the same catalog twice', async () => {
    await expect(seedHistory(FIXTURES)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds no YYYY-MM-DD'),
    })
    writeFileSync(join(source, '2026-01-01.json'), readFileSync(join(FIXTURES, 'ids-poe-2025-12.json')))
    await expect(seedHistory(source)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is the same catalog'),
    })
  })
})
