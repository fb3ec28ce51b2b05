import { unitsAt } from './search-text.ts'

/**
 * How a misspelt word finds the word that was meant. Two words few edits apart become equal when few letters are taken
 * out of either, so the index keeps every word under its forms, and looking a word up is looking up its forms. Only
 * beginnings are compared that way, which keeps the forms of long words few: whoever looks up measures what was found.
 */

/** Shorter words are too near one another to tell which was meant, in code points. */
export const MIN_WORD_LENGTH = 3
/** Words up to this length differ by one edit at most, in code points. */
const SHORT_WORD_LENGTH = 4
/** How much of a word its forms are made of, in code points. */
const FORM_LENGTH = 7

/** How many edits a misspelt word may be away from what was meant. */
export function allowedEdits(letters: readonly string[]): number {
  return letters.length <= SHORT_WORD_LENGTH ? 1 : 2
}

/** A word's beginning, and what is left of it when letters are taken out, as many as its length allows edits. */
export function wordForms(word: string): string[] {
  const letters = [...word]
  const forms = new Set<string>()
  /** Adds a form, and what is left of it when so many more are taken out, from some place on. */
  const add = (form: string, edits: number, from: number) => {
    forms.add(form)
    if (edits === 0) return
    for (let place = from; place < form.length; place += unitsAt(form, place)) {
      add(form.slice(0, place) + form.slice(place + unitsAt(form, place)), edits - 1, place)
    }
  }
  add(letters.slice(0, FORM_LENGTH).join(''), allowedEdits(letters), 0)
  forms.delete('')
  return [...forms]
}
