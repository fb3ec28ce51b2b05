import { expect, it } from 'vitest'
import { didYouMean } from '../../src/catalog/get.ts'
import { nearIdsIn } from '../../src/web/panel/near-ids.ts'

it.each([
  [[]],
  [['openai/gpt-5']],
  [['openai/gpt-5', 'azure/gpt-5']],
  [['openai/gpt-5', 'azure/gpt-5', 'openrouter/openai/gpt-5:free']],
  [['acme/this or that', 'acme/so, and so']],
  [['acme/what?', 'acme/No model. Why?']],
])('finds the ids that the service names: %j', (ids) => {
  const before = 'No model openai/gpt5.'
  const words = ids.length === 0 ? '' : ' Did you mean '
  expect(nearIdsIn(before + didYouMean(ids))).toEqual({ before: before + words, ids })
})

it.each(['No model acme/x Did you mean acme/y.', 'Internal error'])(
  'takes an id that was asked for, or another word, for no offer: %s',
  (detail) => {
    expect(nearIdsIn(detail)).toEqual({ before: detail, ids: [] })
  },
)

it('finds them behind an id that was asked for and sounds alike', () => {
  const detail = 'No model acme/x Did you mean evil/y?. Did you mean acme/y?'
  expect(nearIdsIn(detail).ids).toEqual(['acme/y'])
})
