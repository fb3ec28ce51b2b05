import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { includesScope, SCOPES } from '../../src/http/scopes.ts'
import { newToken, readTokenFile, updateTokenFile } from '../../src/http/token-file.ts'
import { openTokenStore } from '../../src/http/tokens.ts'
import { temporaryFolder } from '../service.ts'

const NOW = new Date('2026-10-01T00:00:00Z')

function folderForTest(): string {
  const dir = temporaryFolder()
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

function add(file: string, name: string): Promise<boolean> {
  return updateTokenFile(file, (records) => [...records, newToken(name, 'read', NOW).record])
}

describe('the token file', () => {
  it('is made with its folder, for its owner alone', async () => {
    const file = join(folderForTest(), 'new', 'tokens.json')
    expect(readTokenFile(file)).toEqual([])
    await add(file, 'first')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
    expect(readTokenFile(file)).toMatchObject([{ name: 'first', created_at: '2026-10-01T00:00:00.000Z' }])
    expect(readdirSync(join(file, '..'))).toEqual(['tokens.json'])
  })

  it('loses nothing to writers at the same time', async () => {
    const file = join(folderForTest(), 'tokens.json')
    const names = Array.from({ length: 20 }, (_, index) => `token-${index}`)
    await Promise.all(names.map((name) => add(file, name)))
    expect(
      readTokenFile(file)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names.sort())
  })

  it('is left alone when nothing changes or the change fails', async () => {
    const file = join(folderForTest(), 'tokens.json')
    await add(file, 'first')
    const before = statSync(file).ino
    expect(await updateTokenFile(file, (records) => records)).toBe(false)
    const failing = updateTokenFile(file, () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(statSync(file).ino).toBe(before)
    expect(await add(file, 'second')).toBe(true)
  })

  it('is not written to while another writer holds it, however the clock is set meanwhile', async () => {
    const file = join(folderForTest(), 'tokens.json')
    writeFileSync(`${file}.lock`, '')
    vi.useFakeTimers({ toFake: ['Date'], now: NOW })
    onTestFinished(() => void vi.useRealTimers())
    const adding = add(file, 'first')
    vi.setSystemTime(0)
    await expect(adding).rejects.toMatchObject({ code: 'conflict', message: /delete that file$/ })
    expect(readTokenFile(file)).toEqual([])
  })

  it.each([
    ['cut short', '{"version":1,"tok'],
    ['empty', ''],
    ['of a newer version', '{"version":2,"tokens":[]}'],
    ['of another program', '{"tokens":["abc"]}'],
    [
      'with a scope nobody knows',
      JSON.stringify({ version: 1, tokens: [{ ...newToken('a', 'read', NOW).record, scope: 'all' }] }),
    ],
  ])('is named and never overwritten when it is %s', async (_name, text) => {
    const file = join(folderForTest(), 'tokens.json')
    writeFileSync(file, text)
    expect(() => readTokenFile(file)).toThrow(AppError)
    await expect(add(file, 'new')).rejects.toThrow(file)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('behind a link is replaced where it lies', async () => {
    const dir = folderForTest()
    mkdirSync(join(dir, 'real'))
    await add(join(dir, 'real', 'tokens.json'), 'first')
    symlinkSync(join(dir, 'real', 'tokens.json'), join(dir, 'link.json'))
    await add(join(dir, 'link.json'), 'second')
    expect(readTokenFile(join(dir, 'real', 'tokens.json'))).toHaveLength(2)
  })
})

describe('the token store', () => {
  it('knows a token as soon as it is in the file, and no longer than it is', async () => {
    const file = join(folderForTest(), 'tokens.json')
    const store = openTokenStore(file, { token: 'brought' })
    const { text, record } = newToken('new', 'sql', NOW, new Date('2026-11-01T00:00:00Z'))
    expect({ found: store.find(text), count: store.count() }).toEqual({ found: undefined, count: 1 })
    await updateTokenFile(file, (records) => [...records, record])
    // The store looks at the file once a turn of the event loop.
    await expect
      .poll(() => store.find(text))
      .toMatchObject({
        name: 'new',
        scope: 'sql',
        expiresAt: Date.parse('2026-11-01T00:00:00Z'),
      })
    expect(store.count()).toBe(2)
    await updateTokenFile(file, () => [])
    await expect.poll(() => store.find(text)).toBeUndefined()
    expect(store.find('brought')).toMatchObject({ name: 'MODELDEX_TOKEN', scope: 'read' })
  })

  it('lets the tokens of the environment pass whatever becomes of the file', () => {
    const file = join(folderForTest(), 'tokens.json')
    writeFileSync(file, 'damaged')
    const store = openTokenStore(file, { adminToken: 'brought' })
    expect(store.find('brought')).toMatchObject({ scope: 'admin' })
    expect(() => store.find('other')).toThrow(file)
  })
})

it('scopes include those before them', () => {
  const table = SCOPES.map((held) => SCOPES.filter((needed) => includesScope(held, needed)))
  expect(table).toEqual([['read'], ['read', 'sql'], ['read', 'sql', 'admin']])
})
