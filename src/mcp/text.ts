/** Longest text of the catalog that is shown, in characters. */
const MAX_LENGTH = 200
/** What would end a line, or tell a terminal or a reader something else than it shows. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text of whatever origin on one line. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, '\ufffd')
}

/** Text of the catalog as part of a line: whatever it holds, it stays there. */
export function inLine(text: string): string {
  return cut(oneLine(text))
}

/** Cut where it is long. */
export function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}

/** A value of JSON as part of a line. */
export function valueInLine(value: unknown): string {
  if (value === null || value === undefined) return 'unknown'
  return inLine(typeof value === 'string' ? value : JSON.stringify(value))
}
