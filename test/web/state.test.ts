import { describe, expect, it } from 'vitest'
import { filterParams, NO_FILTERS, readState, writeState } from '../../src/web/state.ts'

describe('the state in the URL', () => {
  it.each([
    '.',
    '?query=claude+sonnet',
    '?query=%3Cb%3E%26%3F%23',
    '?view=plot&capabilities=tool_call,reasoning&min_price=0&max_price=3',
    '?provider=openai&sort=-price&columns=input,output&model=openrouter/openai/gpt-5:free',
    '?columns=',
    '?model=a/b&compare=a/b&compare=c/d,e',
    '?view=cost&input_tokens=1000',
  ])('is read as it was written: %s', (search) => {
    expect(writeState(readState(search === '.' ? '' : search))).toBe(search)
  })

  it('is the usual one where the URL says nothing, or nothing that is known', () => {
    const usual = readState('')
    expect(usual).toEqual({
      view: 'table',
      filters: NO_FILTERS,
      sort: 'relevance',
      columns: undefined,
      model: undefined,
      compare: [],
      options: {},
    })
    expect(readState('?view=nothing&sort=nothing&query=&model=')).toEqual(usual)
  })

  it('names a model once among those to compare', () => {
    expect(readState('?compare=a/b&compare=&compare=c/d&compare=a/b').compare).toEqual(['a/b', 'c/d'])
  })

  it('asks for the filters that are given, by the names of the service', () => {
    const { filters } = readState('?view=plot&query=gpt&status=none&sort=name&model=a/b')
    expect(String(filterParams(filters))).toBe('query=gpt&status=none')
  })
})
