import { beforeAll, describe, expect, it } from 'vitest'
import { figuresOfAllHidden, figuresOfHiddenOnes, type Known, readKnown } from '../../bench/offers/figures.ts'
import { SPELLING_RULES } from '../../src/db/spellings.ts'
import { codeIn, codeOf, readPage, rowsUnder } from '../docs/markdown.ts'

/** A rule is kept that is right at least as often, and was seen on at least as many entries. */
const MIN_PRECISION = 0.99
const MIN_TOLD = 10
/** Where whole models are hidden, upstream itself files alike ids under two of them now and then. */
const MIN_PRECISION_OF_ALL_HIDDEN = 0.985

let all: Known[]
beforeAll(async () => {
  all = await readKnown()
})

describe('the rules that tell which model an entry is an offer of', () => {
  it('are each right of those that upstream names the model of', () => {
    for (const { rule, told, right } of figuresOfHiddenOnes(all)) {
      expect(told, rule).toBeGreaterThanOrEqual(MIN_TOLD)
      expect(right / told, rule).toBeGreaterThanOrEqual(MIN_PRECISION)
    }
  })

  it('are right of models that upstream does not name', () => {
    for (const { rule, told, right } of figuresOfAllHidden(all)) {
      expect(right / told, rule).toBeGreaterThanOrEqual(MIN_PRECISION_OF_ALL_HIDDEN)
    }
  })

  it('stand in the documentation with how often they are right', () => {
    const hiddenOnes = new Map(figuresOfHiddenOnes(all).map((figures) => [figures.rule as string, figures]))
    const rows = rowsUnder(readPage('docs/offers.md'), 'Rules')
    expect(rows.map(([rule]) => codeOf(rule))).toEqual([
      'same_model_id',
      ...SPELLING_RULES.map(({ name }) => name),
    ])
    for (const [rule, , example, told, precision] of rows) {
      const figures = hiddenOnes.get(codeOf(rule) ?? '')
      const spelling = SPELLING_RULES.find(({ name }) => name === codeOf(rule))
      if (spelling !== undefined) expect(codeIn(example)).toEqual(spelling.example)
      if (figures === undefined) continue
      expect(told, rule).toBe(figures.told.toLocaleString('en-US'))
      expect(precision, rule).toBe((figures.right / figures.told).toFixed(3))
    }
  })
})
