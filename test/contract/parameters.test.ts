import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ask, idsOf, serveForTests } from './ask.ts'

/** Every filter tells at least two of these apart. */
const MODELS = {
  free: {
    open_weights: true,
    tool_call: true,
    reasoning: true,
    limit: { context: 1000 },
    cost: { input: 0, output: 0 },
  },
  cheap: { open_weights: false, tool_call: true, limit: { context: 2000 }, cost: { input: 1, output: 2.5 } },
  input: { open_weights: false, reasoning: {}, limit: { context: 3000 }, cost: { input: 9, output: 4 } },
  half: { tool_call: false, limit: { context: 4000 }, cost: { input: 3 } },
  zero: { open_weights: null, limit: { context: 0, output: 1 }, cost: {} },
  bare: {},
}

let ask: Ask
let close: () => Promise<void>
beforeAll(async () => {
  const { ask: asked, service } = await serveForTests({
    Acme: { models: MODELS },
    other: { models: { free: {} } },
  })
  ask = asked
  close = service.close
})
afterAll(() => close())

/** The models of provider Acme that a query string keeps, in the order above. */
async function kept(query: string): Promise<string[]> {
  const ids = new Set(idsOf(await ask(`?provider=acme&${query}`)))
  return Object.keys(MODELS).filter((model) => ids.has(`Acme/${model}`))
}

describe('filters', () => {
  test.each<[query: string, models: string]>([
    ['', 'free cheap input half zero bare'],
    ['capabilities=tool_call', 'free cheap'],
    ['capabilities=tool_call&capabilities=reasoning', 'free'],
    ['capabilities=tool_call,reasoning', 'free'],
    ['capabilities[]=tool_call&capabilities%5B%5D=reasoning', 'free'],
    ['capabilities=reasoning&capabilities[]=tool_call', 'free'],
    ['capabilities=REASONING', 'free input'],
    ['capabilities=%20reasoning%20,,%20', 'free input'],
    ['capabilities=reasoning&capabilities=reasoning', 'free input'],
    ['capabilities=&capabilities=,', 'free cheap input half zero bare'],
    ['capabilities=telepathy', ''],
    ['capabilities=tool_call,telepathy', ''],
    ['open_weights=true', 'free'],
    ['open_weights=false', 'cheap input'],
    ['min_context=2000', 'cheap input half'],
    ['max_context=2000', 'free cheap'],
    ['min_context=2000&max_context=3000', 'cheap input'],
    ['max_context=999', ''],
    ['min_context=1', 'free cheap input half'],
    ['min_price=0', 'free cheap input half'],
    ['max_price=0', 'free'],
    ['min_price=2.5&max_price=3', 'cheap half'],
    ['min_price=9', 'input'],
    ['max_price=-1', ''],
    ['min_price=-1', 'free cheap input half'],
    ['featured=false', 'free cheap input half zero bare'],
    ['featured=true', ''],
    ['featured=true&query=acme', 'free cheap input half zero bare'],
  ])('%s', async (query, models) => {
    expect((await kept(query)).join(' ')).toBe(models)
  })

  test('provider is compared without regard to letter case, and an unknown one matches nothing', async () => {
    for (const name of ['Acme', 'acme', 'ACME', '%20aCmE%20'])
      expect((await ask(`?provider=${name}`)).body.total).toBe(6)
    for (const name of ['acm', 'acme2', '%25', '*'])
      expect((await ask(`?provider=${name}`)).body).toEqual({ models: [], total: 0 })
  })
})

describe('reading', () => {
  test.each<[query: string, count: number]>([
    ['', 7],
    ['?limit=3', 3],
    ['?limit=100', 7],
    ['?limit=%2B3', 3],
    ['?limit=0003', 3],
    ['?limit=%20%09 3%C2%85', 3],
    ['?limit=1&limit=2', 2],
    ['?limit=2&limit=', 7],
    ['?limit=', 7],
    ['?limit', 7],
    ['?query=%20%20&provider=&capabilities=&open_weights=&min_context=&max_price=&featured=', 7],
    ['?&&limit=2&', 2],
    ['?open_weights=maybe&open_weights=true', 1],
    ['?provider=none&provider=other', 1],
    ['?min_context=99999999999999999999999999999999', 0],
    ['?max_context=99999999999999999999999999999999', 4],
    ['?min_price=1e-400', 4],
    ['?max_price=9.', 4],
    ['?max_price=%2B.9e1', 4],
    ['?max_price=1e308', 4],
  ])('%s', async (query, count) => {
    expect(idsOf(await ask(query))).toHaveLength(count)
  })

  test.each('true 1 yes on t y TRUE Yes oN'.split(' '))('open_weights=%s', async (word) => {
    expect((await ask(`?open_weights=${word}`)).body.total).toBe(1)
  })
  test.each('false 0 no off f n FALSE No oFF'.split(' '))('open_weights=%s', async (word) => {
    expect((await ask(`?open_weights=${word}`)).body.total).toBe(2)
  })

  test('total counts every match, whatever the limit', async () => {
    expect((await ask('?limit=1')).body).toMatchObject({ total: 7, models: [{}] })
    expect((await ask('?query=acme&limit=1')).body).toMatchObject({ total: 6, models: [{}] })
  })

  test('a query of 256 characters is read, counted by code point after trimming', async () => {
    expect((await ask(`?query=%20${encodeURIComponent('😀'.repeat(256))}%20`)).status).toBe(200)
    expect((await ask(`?query=${encodeURIComponent('😀'.repeat(257))}`)).status).toBe(422)
  })

  test('100 pairs are read, 101 refused', async () => {
    expect((await ask(`?${'limit=1&'.repeat(100)}`)).status).toBe(200)
    expect((await ask(`?${'limit=1&'.repeat(101)}`)).body).toMatchObject({ code: 400, type: 'invalid_error' })
  })
})

describe('faults', () => {
  test.each<[query: string, ...faults: [loc: string, type: string][]]>([
    ['limit=0', ['limit', 'greater_than_equal']],
    ['limit=-99999999999999999999', ['limit', 'greater_than_equal']],
    ['limit=101', ['limit', 'less_than_equal']],
    ['limit=99999999999999999999', ['limit', 'less_than_equal']],
    ['limit=ten', ['limit', 'int_parsing']],
    ['limit=1.0', ['limit', 'int_parsing']],
    ['limit=1e1', ['limit', 'int_parsing']],
    ['limit=0x10', ['limit', 'int_parsing']],
    ['limit=%D9%A3', ['limit', 'int_parsing']],
    ['limit=1_0', ['limit', 'int_parsing']],
    ['limit=--1', ['limit', 'int_parsing']],
    ['limit=true', ['limit', 'int_parsing']],
    ['min_context=0', ['min_context', 'greater_than_equal']],
    ['max_context=-1', ['max_context', 'greater_than_equal']],
    ['min_context=many', ['min_context', 'int_parsing']],
    ['min_price=cheap', ['min_price', 'float_parsing']],
    ['max_price=1,5', ['max_price', 'float_parsing']],
    ['max_price=0x1', ['max_price', 'float_parsing']],
    ['max_price=.', ['max_price', 'float_parsing']],
    ['max_price=1e', ['max_price', 'float_parsing']],
    ['max_price=NaN', ['max_price', 'finite_number']],
    ['min_price=-inf', ['min_price', 'finite_number']],
    ['min_price=Infinity', ['min_price', 'finite_number']],
    ['min_price=1e999', ['min_price', 'finite_number']],
    ['open_weights=2', ['open_weights', 'bool_parsing']],
    ['open_weights=open', ['open_weights', 'bool_parsing']],
    ['featured=maybe', ['featured', 'bool_parsing']],
    ['featured=maybe&query=x', ['featured', 'bool_parsing']],
    ['query=a%00b', ['query', 'string_pattern_mismatch']],
    ['page=2', ['page', 'extra_forbidden']],
    ['page=', ['page', 'extra_forbidden']],
    ['Limit=2', ['Limit', 'extra_forbidden']],
    ['limit[]=2', ['limit[]', 'extra_forbidden']],
    ['At=2026-01-01', ['At', 'extra_forbidden']],
    ['at=yesterday', ['at', 'string_pattern_mismatch']],
    ['at=2026-02-30', ['at', 'string_pattern_mismatch']],
    ['at=2026-03', ['at', 'string_pattern_mismatch']],
    ['at=2026-03-31T12:00:00', ['at', 'string_pattern_mismatch']],
    ['at=2026-03-31T25:00:00Z', ['at', 'string_pattern_mismatch']],
    ['at=9999-12-31', ['at', 'less_than_equal']],
    [
      'x=1&at=9999-12-31&featured=x',
      ['featured', 'bool_parsing'],
      ['at', 'less_than_equal'],
      ['x', 'extra_forbidden'],
    ],
    ['__proto__=1&constructor=2', ['__proto__', 'extra_forbidden'], ['constructor', 'extra_forbidden']],
    ['z=1&10=2&a=3&z=4', ['z', 'extra_forbidden'], ['10', 'extra_forbidden'], ['a', 'extra_forbidden']],
    [
      'zz=1&featured=x&max_price=x&min_price=inf&min_context=0&max_context=x&open_weights=x&limit=0&query=%00&aa=1',
      ['query', 'string_pattern_mismatch'],
      ['limit', 'greater_than_equal'],
      ['open_weights', 'bool_parsing'],
      ['min_context', 'greater_than_equal'],
      ['max_context', 'int_parsing'],
      ['min_price', 'finite_number'],
      ['max_price', 'float_parsing'],
      ['featured', 'bool_parsing'],
      ['zz', 'extra_forbidden'],
      ['aa', 'extra_forbidden'],
    ],
    ['min_context=9&max_context=1&limit=0', ['limit', 'greater_than_equal']],
  ])('%s', async (query, ...faults) => {
    const { status, body } = await ask(`?${query}`)
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 422, type: 'validation_error' })
    expect(body.errors?.map(({ loc, type }) => [loc, type])).toEqual(
      faults.map(([name, type]) => [['query', name], type]),
    )
    expect(body.detail).toBe(body.errors?.map(({ loc, msg }) => `${loc[1]}: ${msg}`).join('; '))
  })

  test.each<[query: string, ...named: string[]]>([
    ['min_context=2000&max_context=1000', '2000', '1000'],
    [
      'min_context=99999999999999999999999&max_context=99999999999999999999998',
      '99999999999999999999999',
      '99999999999999999999998',
    ],
    ['min_price=2.5&max_price=2.25', '2.5', '2.25'],
    ['min_price=2&max_price=1&min_context=4&max_context=3', '2', '1', '4', '3'],
  ])('%s contradicts itself', async (query, ...named) => {
    const { body } = await ask(`?${query}`)
    expect(body).toMatchObject({ code: 400, type: 'invalid_error' })
    expect(body.errors).toBeUndefined()
    for (const value of named) expect(body.detail).toContain(value)
  })

  test('a range of one value is no contradiction', async () => {
    expect(idsOf(await ask('?min_context=2000&max_context=2000&min_price=2.5&max_price=2.50'))).toEqual([
      'Acme/cheap',
    ])
  })
})
