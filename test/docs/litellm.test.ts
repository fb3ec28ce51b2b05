import { expect, it } from 'vitest'
import { CLASSES } from '../../bench/litellm-compare.ts'
import { LITELLM_PROVIDERS } from '../../src/catalog/litellm-providers.ts'
import { codeOf, readPage, rowsUnder } from './markdown.ts'

const page = readPage('docs/litellm.md')

it('has exactly the rows of the table of providers, in its order', () => {
  const rows = rowsUnder(page, 'Providers').map(([provider, , litellm, key]) =>
    [provider, litellm, key].map(codeOf),
  )
  const expected = LITELLM_PROVIDERS.map(({ provider, litellm, prefix, bare }) => [
    provider,
    litellm,
    bare ? 'ID' : `${prefix}ID`,
  ])
  expect(rows).toEqual(expected)
})

it('says of which models a row is, where it is not of all', () => {
  const shown = rowsUnder(page, 'Providers').map(([, models]) => models !== 'all' && models !== 'the rest')
  expect(shown).toEqual(LITELLM_PROVIDERS.map(({ ids }) => ids !== undefined))
})

it('has every class of the report', () => {
  const rows = rowsUnder(page, "Held against LiteLLM's own map").map(([name]) => codeOf(name))
  expect(rows.toSorted()).toEqual(Object.keys(CLASSES).toSorted())
})
