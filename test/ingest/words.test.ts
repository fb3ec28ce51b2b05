import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { wordForms } from '../../src/db/word-forms.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { acme, inTemporaryFolder, writeCatalog } from './catalogs.ts'

const MODELS = {
  'claude-opus-4': { name: 'Claude Opus 4' },
  'CLAUDE-haiku': { name: 'Haiku' },
  'zz-o3': { name: 'Ünïcode 模型模型' },
}

function words(file: string): unknown[] {
  return withDatabase(openForReading(file), (db) =>
    db.prepare('SELECT id, word, entries FROM word ORDER BY id').raw().all(),
  )
}

test('words are counted once an entry, folded, the most frequent first, then by code point', () =>
  inTemporaryFolder(async (folder) => {
    const db = join(folder, 'catalog.db')
    await ingest({ db, from: writeCatalog(folder, acme(MODELS)) })
    expect(words(db)).toEqual([
      [1, 'acme', 3],
      [2, 'claude', 2],
      [3, 'haiku', 1],
      [4, 'opus', 1],
      [5, 'ünïcode', 1],
      [6, '模型模型', 1],
    ])
    // Nothing of the catalog before is left.
    await ingest({ db, from: writeCatalog(folder, acme({ 'gpt-5': {} })) })
    expect(words(db)).toEqual([
      [1, 'acme', 1],
      [2, 'gpt', 1],
    ])
  }))

test('equal content is equal bytes, in whichever order it comes', () =>
  inTemporaryFolder(async (folder) => {
    const reversed = Object.fromEntries(Object.entries(MODELS).toReversed())
    const files = [MODELS, MODELS, reversed].map((models, place) => ({
      db: join(folder, `${place}.db`),
      from: writeCatalog(folder, acme(models), place < 2 ? 'source.json' : 'other.json'),
    }))
    for (const { db, from } of files) await ingest({ db, from, now: () => new Date(0) })
    const [first, again, other] = files.map(({ db }) => db)
    expect(readFileSync(again ?? '').equals(readFileSync(first ?? ''))).toBe(true)
    const forms = (file = '') =>
      withDatabase(openForReading(file), (db) => db.prepare('SELECT * FROM word_near_data').raw().all())
    expect([words(other ?? ''), forms(other)]).toEqual([words(first ?? ''), forms(first)])
  }))

describe('the forms of a word', () => {
  test('are what is left of its beginning with a letter or two taken out', () => {
    expect(wordForms('gpt').sort()).toEqual(['gp', 'gpt', 'gt', 'pt'])
    expect(wordForms('claude')).toHaveLength(1 + 6 + 15)
    expect(wordForms('anthropic').every((form) => [...form].length <= 7)).toBe(true)
    expect(wordForms('模型模')).toContain('模模')
  })

  test.each([
    ['claude', 'cluade'],
    ['gpt', 'gtp'],
    ['sonnet', 'sonet'],
    ['mistral', 'misstrall'],
    ['deepseek', 'depsek'],
    ['llama', 'lamma'],
  ])('of %s and %s have one in common', (word, misspelt) => {
    const forms = new Set(wordForms(word))
    expect(wordForms(misspelt).some((form) => forms.has(form))).toBe(true)
  })
})
