import { AppError } from '../errors.ts'

/** Where a catalog is fetched from, with what nobody is to see taken out of its name. */
export interface Address {
  /** Without credentials: a redirect or a log must not carry them on. */
  url: URL
  /** As people are shown it: the query may hold a key, so it is left out too. */
  shown: string
  /** The value of `Authorization`, where the URL held credentials. */
  authorization: string | undefined
}

export function isUrl(from: string): boolean {
  return /^https?:\/\//i.test(from)
}

/** @throws AppError `bad_gateway` for what is no URL */
export function readAddress(from: string): Address {
  const url = URL.parse(from)
  // What stands before an @ is kept out of the message.
  if (url === null) throw new AppError('bad_gateway', `${from.replace(/\/\/.*@/, '//…@')} is no URL`)
  const authorization = authorizationOf(url)
  url.username = ''
  url.password = ''
  url.hash = ''
  return { url, shown: shownUrl(url), authorization }
}

export function shownUrl(url: URL): string {
  return url.origin + url.pathname
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  return `Basic ${Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64')}`
}

/** A lone percent sign in a password is a percent sign. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
