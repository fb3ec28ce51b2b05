import { expect, it } from 'vitest'
import { date, exactTokens, money, plural, tokens, words } from '../../src/web/format.ts'

it.each([
  [null, '–'],
  [undefined, '–'],
  [0, 'free'],
  [-1_000_000, 'varies'],
  [0.3, '$0.30'],
  [0.435, '$0.435'],
  [0.0375, '$0.0375'],
  [0.00005, '$0.00005'],
  [0.999_9, '$1.00'],
  [1.25, '$1.25'],
  [15, '$15.00'],
  [1_234.5, '$1,234.50'],
])('%s USD is shown as %s', (usd, shown) => {
  expect(money(usd)).toBe(shown)
})

it.each([
  [null, '–'],
  [0, '–'],
  [512, '512'],
  [8_192, '8.2K'],
  [131_072, '131K'],
  [200_000, '200K'],
  [999_999, '1M'],
  [1_000_000, '1M'],
  [1_048_576, '1.05M'],
  [10_000_000, '10M'],
])('%s tokens are shown as %s', (number, shown) => {
  expect(tokens(number)).toBe(shown)
})

it('a number of tokens is told to the last one where it is known', () => {
  expect(exactTokens(131_072)).toBe('131,072 tokens')
  expect(exactTokens(null)).toBe('unknown')
})

it.each([
  [null, '–'],
  ['', '–'],
  ['2026-07-04', '4 Jul 2026'],
  ['2026-07', 'Jul 2026'],
  ['2026', '2026'],
  ['2026-13-01', '2026-13-01'],
  ['soon', 'soon'],
])('the date %s is shown as %s', (text, shown) => {
  expect(date(text)).toBe(shown)
})

it('words are those of people', () => {
  expect(words('structured_output')).toBe('structured output')
  expect(plural(1, 'model')).toBe('1 model')
  expect(plural(8_337, 'model')).toBe('8,337 models')
})
