// Search texts drawn from real ids and names: cut, joined, re-punctuated, re-cased, in other scripts, hostile.
import fc from 'fast-check'
import { blanks, hostile, lookalikes, punctuation, scripts } from './hostile.ts'
import { lastSegmentOf } from './order.ts'

export interface Target {
  id: string
  provider: string
  modelId: string
  name: string
}

export function queries(targets: readonly Target[], target: Target): fc.Arbitrary<string> {
  const other = fc.constantFrom(...targets)
  const text = fc.oneof(
    { weight: 16, arbitrary: dressed(whole(target)) },
    { weight: 16, arbitrary: dressed(span(target)) },
    { weight: 8, arbitrary: dressed(cut(target)) },
    { weight: 5, arbitrary: dressed(broken(target)) },
    { weight: 8, arbitrary: dressed(words(target)) },
    { weight: 4, arbitrary: dressed(other.chain((second) => across(target, second))) },
    { weight: 4, arbitrary: dressed(span(target).map((term) => `${target.provider} ${term}`)) },
    { weight: 6, arbitrary: dressed(version(target)) },
    { weight: 4, arbitrary: dressed(apart(target)) },
    { weight: 2, arbitrary: dressed(merged(target)) },
    { weight: 3, arbitrary: dressed(short(target)) },
    { weight: 2, arbitrary: dressed(span(target).map((term) => `${term} ${term}`)) },
    { weight: 3, arbitrary: foreign(target) },
    { weight: 3, arbitrary: fc.constantFrom(...hostile, ...scripts) },
    { weight: 2, arbitrary: long(target) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter(isPlain) },
  )
  // A cut may have gone through the middle of a character.
  return text.map((query) => query.toWellFormed())
}

/** An id, a name or a part of one pasted as it stands, or with all its punctuation changed. */
function whole(target: Target): fc.Arbitrary<string> {
  const { id, modelId, name } = target
  const text = fc.constantFrom(id, id, modelId, lastSegmentOf(modelId), name, name)
  const mark = fc.constantFrom(...punctuation, ' ')
  return fc.oneof(
    { weight: 3, arbitrary: text },
    { weight: 1, arbitrary: fc.tuple(text, mark).map(([full, by]) => full.replace(/[^\p{L}\p{N}]+/gu, by)) },
    { weight: 1, arbitrary: fc.tuple(text, mark).map(([full, by]) => full + by) },
    { weight: 1, arbitrary: fc.tuple(text, fc.constantFrom(':', '-', '...')).map(([t, by]) => by + t) },
  )
}

/** Neighbouring runs of an id or a name, with other marks between them and maybe their ends cut off. */
function span(target: Target): fc.Arbitrary<string> {
  return someRuns(target).chain((runs) =>
    fc
      .record({
        start: fc.nat(runs.length - 1),
        count: fc.constantFrom(1, 1, 2, 2, 2, 3, 3, 4),
        marks: fc.array(fc.constantFrom(...punctuation), { minLength: 3, maxLength: 3 }),
        dropHead: fc.constantFrom(0, 0, 0, 0, 0, 1, 2),
        dropTail: fc.constantFrom(0, 0, 0, 1, 1, 2, 4),
      })
      .map(({ start, count, marks, dropHead, dropTail }) => {
        const taken = runs.slice(start, start + count)
        const text = taken.reduce((all, run, index) => all + (marks[index - 1] ?? '') + run)
        const last = taken.at(-1) ?? ''
        const kept = text.slice(0, text.length - Math.min(dropTail, last.length - 1))
        const first = taken[0] ?? ''
        return kept.slice(Math.min(dropHead, first.length - 1)) || text
      }),
  )
}

function someRuns(target: Target): fc.Arbitrary<string[]> {
  const lists = [target.id, lastSegmentOf(target.modelId), target.name].map(runsIn)
  return fc.constantFrom(...lists.filter((runs) => runs.length > 0))
}

function runsIn(text: string): string[] {
  return text.match(/\p{L}+|\p{N}+/gu) ?? []
}

/** Runs up to the first digit or two of a number: `4-1` of `gpt-4-1106`, which is not version 4.1. */
function version(target: Target): fc.Arbitrary<string> {
  const texts = [target.modelId, target.name]
  const all = texts.flatMap((text) => text.match(/(\p{L}*[-._ :]?)?\p{N}+[-._ :]?\p{N}+/gu) ?? [])
  if (all.length === 0) return span(target)
  return fc
    .tuple(
      fc.constantFrom(...all),
      fc.constantFrom(1, 1, 1, 2, 8),
      fc.boolean(),
      fc.constantFrom('', '-', '.', '_'),
    )
    .map(([text, digits, bare, mark]) => {
      const runs = runsIn(text)
      const last = runs.pop() ?? ''
      const head = bare ? runs.slice(-1) : runs
      return [...head, last.slice(0, digits)].join(mark || (bare ? '.' : '-'))
    })
}

/** A short version without its marks: `k25` of `k2.5`. Only the joined form finds it. */
function merged(target: Target): fc.Arbitrary<string> {
  const all = target.id.match(/(?:\p{L}{0,2}[-.]?)\p{N}[-.]\p{N}\p{L}?/gu) ?? []
  const short = all.map((text) => runsIn(text).join('')).filter((text) => /\p{L}/u.test(text))
  return short.length > 0 ? fc.constantFrom(...short) : broken(target)
}

/** A word that only the id has and one that only the name has. */
function apart(target: Target): fc.Arbitrary<string> {
  const inId = runsIn(target.id.toLowerCase())
  const inName = runsIn(target.name.toLowerCase())
  const idOnly = inId.filter((run) => !inName.includes(run))
  const nameOnly = inName.filter((run) => !inId.includes(run))
  if (idOnly.length === 0 || nameOnly.length === 0) return words(target)
  return fc.tuple(fc.constantFrom(...idOnly), fc.constantFrom(...nameOnly)).map((pair) => pair.join(' '))
}

/** The beginning, the middle or the end of an id or a name. */
function cut(target: Target): fc.Arbitrary<string> {
  const { id, modelId, name, provider } = target
  return fc.constantFrom(id, lastSegmentOf(modelId) || id, name, provider).chain((text) =>
    fc
      .tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 1, 2))
      .map(([start, length, place]) => {
        if (place === 0) return text.slice(0, Math.max(start, 2))
        return place === 1 ? text.slice(start, start + length) : text.slice(Math.max(0, start - 3))
      }),
  )
}

/** A mark put inside a run: the joined form still stands there, the spaced form does not. */
function broken(target: Target): fc.Arbitrary<string> {
  return fc
    .tuple(
      someRuns(target),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(...punctuation),
      fc.constantFrom(3, 4, 5, 40),
    )
    .map(([runs, which, where, mark, most]) => {
      const run = (runs[which % runs.length] ?? '').slice(0, most)
      const at = 1 + (where % Math.max(1, run.length - 1))
      return run.slice(0, at) + mark + run.slice(at)
    })
}

/** Up to three words of one entry, in any order, their ends maybe cut. */
function words(target: Target): fc.Arbitrary<string> {
  const texts = `${target.id} ${target.name}`.split(/[\s/]+/u)
  const all = [...new Set(texts.flatMap((text) => [text, ...runsIn(text)]))].filter((text) => text !== '')
  const some = fc.shuffledSubarray(all, { minLength: 1, maxLength: Math.min(3, all.length) })
  return fc.tuple(some, fc.constantFrom(0, 0, 1, 2)).map(([list, drop]) => {
    const cut = list.map((text) => (text.length > drop + 2 ? text.slice(0, text.length - drop) : text))
    return cut.join(' ')
  })
}

function across(target: Target, second: Target): fc.Arbitrary<string> {
  return fc.tuple(words(target), span(second)).map(([left, right]) => `${left} ${right}`)
}

function short(target: Target): fc.Arbitrary<string> {
  const text = `${target.id} ${target.name}`
  return fc
    .tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 2 }))
    .map(([start, length]) => text.slice(start, start + length))
}

/** A real text in another script that folds to it, or beside a foreign one. */
function foreign(target: Target): fc.Arbitrary<string> {
  const text = fc.oneof(span(target), whole(target), words(target))
  return fc.oneof(
    text.map((plain) => plain.replace(/[!-~]/g, (mark) => String.fromCodePoint(mark.charCodeAt(0) + 0xfee0))),
    text.map((plain) =>
      plain.toLowerCase().replace(/fi|fl|[ks1-5moi.]/g, (mark) => lookalikes.get(mark) ?? mark),
    ),
    fc.tuple(text, fc.constantFrom(...scripts)).map(([plain, mark]) => `${plain} ${mark}`),
    text.map((plain) => plain.replace(/[aeiou]/, (vowel) => `${vowel}\u0301`)),
    text.map((plain) => plain.replace(/i/, 'İ')),
  )
}

/** Up to the longest that is allowed: 256 code points, however many units they take. */
function long(target: Target): fc.Arbitrary<string> {
  return fc
    .tuple(span(target), fc.constantFrom('💥', '💥', '-', 'x', '𝗺'), fc.constantFrom(true, true, false))
    .map(([term, mark, apart]) => {
      const start = [...(apart ? `${term} ` : term)].slice(0, 200)
      return start.join('') + mark.repeat(256 - start.length)
    })
}

/** Letter case and white space that must not matter, and lone marks that are to be ignored. */
function dressed(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const style = fc.constantFrom('as is', 'as is', 'as is', 'as is', 'upper', 'lower', 'title')
  const blank = fc.constantFrom(...blanks)
  const lone = fc.constantFrom('-', '.', '&', '+', '–', '()', '💥', '"', '*', '\u200b')
  const extra = fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: lone })
  const edge = fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: blank })
  return fc.tuple(text, style, blank, extra, edge).map(([plain, how, between, mark, around]) => {
    const terms = mark === '' ? plain : `${plain} ${mark}`
    const cased =
      how === 'upper'
        ? terms.toUpperCase()
        : how === 'lower'
          ? terms.toLowerCase()
          : how === 'title'
            ? terms.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
            : terms
    return around + cased.replaceAll(' ', between) + around
  })
}

function isPlain(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}
