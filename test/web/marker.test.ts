import { expect, it } from 'vitest'
import { markerOf } from '../../src/web/table/marker.ts'

/** The text with what is marked in brackets. */
function mark(query: string, text: string): string {
  const marker = markerOf(query)
  return marker === undefined ? text : text.replace(marker, '[$&]')
}

it.each([
  ['', 'GPT-4o', 'GPT-4o'],
  ['gpt', 'GPT-4o', '[GPT]-4o'],
  ['claude sonnet', 'Claude Sonnet 4.5', '[Claude] [Sonnet] 4.5'],
  // Across punctuation, from the start of a stretch of letters or digits on.
  ['gpt4o', 'openai/gpt-4o-mini', 'openai/[gpt-4o]-mini'],
  ['gptoss', 'GPT OSS 120B', '[GPT OSS] 120B'],
  ['r1', 'ember-1', 'ember-1'],
  ['3.5', 'claude-3-5-sonnet', 'claude-[3-5]-sonnet'],
  ['2-5', 'gemini-2.5-flash', 'gemini-[2.5]-flash'],
  ['4.2', 'gpt-4-20250514', 'gpt-4-20250514'],
  // The longer term first, and no character is an operator.
  ['son sonnet', 'sonnet', '[sonnet]'],
  ['.*', 'a .* b', 'a [.*] b'],
  ['gpt ()', 'GPT (beta)', '[GPT] (beta)'],
  ['ＧＰＴ', 'GPT-5', '[GPT]-5'],
])('%s marks %s as %s', (query, text, marked) => {
  expect(mark(query, text)).toBe(marked)
})
