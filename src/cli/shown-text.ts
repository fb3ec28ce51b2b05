/** What a terminal would obey, or what turns the direction of what stands around it. */
const OBEYED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu
/** One column each, and nothing that is obeyed: most texts are looked at no further. */
const PLAIN = /^[\x20-\x7e–…→]*$/
const NARROWLESS = /[\p{Mn}\p{Me}\p{Cf}\u{1160}-\u{11ff}]/u
/** East Asian Width W and F, and emoji, by block. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u

/** A text of the catalog that may be sent to a terminal: what would be obeyed there is shown. */
export function shownText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(OBEYED, '\ufffd')
}

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOfCharacter(character)
  return width
}

/** The text, cut with … where it is wider. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let left = width - 1
  for (const character of text) {
    left -= widthOfCharacter(character)
    if (left < 0) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

function widthOfCharacter(character: string): number {
  if (NARROWLESS.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}
