import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatCatalog } from '../../seed/catalog-file.ts'
import { byCodePoint, FIXTURES, readCatalog, readEntries, readText } from './read-seed.ts'

const text = readText('catalog.json')
const lines = text.split('\n')

describe('the seed', () => {
  test('holds 225 providers and 8,337 models, each under its own id', () => {
    expect(Object.keys(readCatalog())).toHaveLength(225)
    expect(readEntries()).toHaveLength(8337)
    for (const { modelId, model } of readEntries()) expect(model.id).toBe(modelId)
    for (const [id, provider] of Object.entries(readCatalog())) expect(provider.id).toBe(id)
  })

  test('is one line for each model and two for each provider, within two braces', () => {
    expect(lines.filter((line) => line.endsWith('"models":{'))).toHaveLength(225)
    expect(lines).toHaveLength(8337 + 2 * 225 + 3)
    expect(lines.filter((line) => line === '}}' || line === '}},')).toHaveLength(225)
  })

  test('has providers and models in code point order', () => {
    const providers = lines.filter((line) => line.endsWith('"models":{')).map(keyOf)
    expect(providers).toEqual([...providers].sort(byCodePoint))
    let models: string[] = []
    for (const line of lines) {
      if (!line.startsWith('"')) {
        expect(models).toEqual([...models].sort(byCodePoint))
        models = []
      } else if (!line.endsWith('"models":{')) models.push(keyOf(line))
    }
  })

  test('holds no prose', () => {
    expect(text).not.toContain('"description"')
  })

  test('is what SOURCE.md says it is', () => {
    const source = readText('SOURCE.md')
    expect(source).toContain(createHash('sha256').update(text).digest('hex'))
    expect(source).toContain('- Providers: 225\n')
    expect(source).toContain('- Models: 8,337\n')
    expect(source).toContain('- Date: 2026-09-30\n')
    const holder = /^Copyright .*$/m.exec(readText('LICENSE-models.dev'))?.[0]
    expect(source).toContain(`- Licence: MIT, ${holder} `)
  })
})

describe('the fixtures', () => {
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.json') && !name.startsWith('litellm-'))

  test.each(names)('%s is written as the seed is, and described', (name) => {
    const fixture = readFileSync(join(FIXTURES, name), 'utf8')
    expect(formatCatalog(fixture).text).toBe(fixture)
    expect(readFileSync(join(FIXTURES, 'README.md'), 'utf8')).toContain(`\`${name}\``)
  })

  test.each([
    ['impossible-dates-2025-10.json', ['"2025-02-31"', '"2025-16-09"']],
    ['impossible-dates-2026-06.json', ['"2025-25-11"', '"2025-02-31"']],
    ['month-dates.json', ['"release_date":"2024-09"']],
    ['status-alpha.json', ['"status":"alpha"']],
    ['experimental-true.json', ['"experimental":true']],
    ['context-over-200k.json', ['"context_over_200k":{']],
    ['interleaved.json', ['"interleaved":true', '"interleaved":{"field":']],
    ['names-with-blanks.json', ['Qwen-Max "', '(Turbo)\\t"']],
  ])('%s holds %j', (name, wanted) => {
    const fixture = readFileSync(join(FIXTURES, name), 'utf8')
    for (const part of wanted) expect(fixture).toContain(part)
  })

  test('models without a price, and a long-context price without tiers, are just that', () => {
    expect(readFileSync(join(FIXTURES, 'no-cost.json'), 'utf8')).not.toContain('"cost"')
    expect(readFileSync(join(FIXTURES, 'context-over-200k.json'), 'utf8')).not.toContain('"tiers"')
  })

  test.each(['poe-2025-11 poe-2025-12', 'nebius-2026-02 nebius-2026-03'])(
    '%s differ in case alone',
    (pair) => {
      const ids = pair.split(' ').map((name) => modelIds(`ids-${name}.json`))
      const [before = [], after = []] = ids
      expect(before).not.toEqual(after)
      const folded = (list: string[]) => list.map((id) => id.toLowerCase()).sort(byCodePoint)
      expect(folded(before)).toEqual(folded(after))
    },
  )
})

function keyOf(line: string): string {
  return JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(line)?.[0] ?? '""')
}

function modelIds(name: string): string[] {
  const fixture = readFileSync(join(FIXTURES, name), 'utf8').split('\n')
  return fixture.filter((line) => line.startsWith('"') && !line.endsWith('"models":{')).map(keyOf)
}
