/** How figures, dates and words are shown. Unknown is never a number. */

export const UNKNOWN = '–'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** How many digits of a price below one dollar are shown, leading zeros aside. */
const SMALL_DIGITS = 3
const THOUSAND = 1_000
const MILLION = 1_000_000

const counts = new Intl.NumberFormat('en')
const dollars = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export function count(number: number): string {
  return counts.format(number)
}

/** An amount in USD. */
export function money(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return UNKNOWN
  // So some catalogs mark a price that depends on the request.
  if (usd < 0) return 'varies'
  if (usd === 0) return 'free'
  return `$${usd < 1 ? cents(usd) : dollars.format(usd)}`
}

/** The same without cents where there are none. */
export function roundMoney(usd: number): string {
  return money(usd).replace(/\.00$/, '')
}

function cents(usd: number): string {
  const digits = Math.max(2, SMALL_DIGITS - 1 - Math.floor(Math.log10(usd)))
  return usd.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')
}

/** A number of tokens, in the words of the field; of 0, which stands for a window nobody states, too. */
export function tokens(number: number | null | undefined): string {
  if (number === null || number === undefined || number === 0) return UNKNOWN
  if (number < THOUSAND) return count(number)
  if (number < MILLION - THOUSAND / 2)
    return `${shortened(number / THOUSAND, number < 10 * THOUSAND ? 1 : 0)}K`
  return `${shortened(number / MILLION, 2)}M`
}

function shortened(number: number, digits: number): string {
  return String(Number(number.toFixed(digits)))
}

/** The same to the last token. */
export function exactTokens(number: number | null | undefined): string {
  return number ? `${count(number)} tokens` : 'unknown'
}

/** A year, a month or a day as people write it; anything else as it stands. */
export function date(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') return UNKNOWN
  const [, year, month, day] = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text) ?? []
  const name = MONTHS[Number(month) - 1]
  if (name === undefined) return text
  return day === undefined ? `${name} ${year}` : `${Number(day)} ${name} ${year}`
}

/** Upstream's word as people read it: `structured_output` is structured output. */
export function words(name: string): string {
  return name.replaceAll('_', ' ')
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`
}
