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
  const forms = new Set([letters.slice(0, FORM_LENGTH).join('')])
  let shortened: Iterable<string> = [...forms]
  for (let edits = allowedEdits(letters); edits > 0; edits--) {
    const next = new Set<string>()
    for (const form of shortened) for (const shorter of withoutOne([...form])) next.add(shorter)
    for (const form of next) forms.add(form)
    shortened = next
  }
  forms.delete('')
  return [...forms]
}

function withoutOne(letters: readonly string[]): string[] {
  return letters.map((_, place) => letters.toSpliced(place, 1).join(''))
}
