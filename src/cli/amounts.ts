/** Tokens as people say them: 1M, 200k, 128k (131,072 too). */
export function shownTokens(tokens: number): string {
  const unit = tokens % 1000 !== 0 && tokens % 1024 === 0 ? 1024 : 1000
  if (tokens < unit) return String(tokens)
  const [size, letter] = tokens < unit * unit ? [unit, 'k'] : [unit * unit, 'M']
  return `${rounded(tokens / size)}${letter}`
}

/** A sum in USD: as many places as it has, at least two. */
export function shownUsd(usd: number | string): string {
  const [whole = '', places = ''] = decimal(usd).split('.')
  return `$${whole}.${places.padEnd(2, '0')}`
}

/** A price in USD per 1M tokens. */
export function shownPrice(usd: number | null | undefined): string {
  // Some catalogs say -1 for a price that varies.
  if (usd === null || usd === undefined || usd < 0) return UNKNOWN
  return usd === 0 ? 'free' : shownUsd(usd)
}

export const UNKNOWN = '–'

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Small numbers are written as 1e-7 otherwise. */
function decimal(value: number | string): string {
  const text = String(value)
  const [digits = '', exponent] = text.split('e-')
  if (exponent === undefined) return text
  const [whole = '', places = ''] = digits.split('.')
  return `0.${'0'.repeat(Number(exponent) - 1)}${whole}${places}`
}
