/** Where the token is kept: for this session of the browser, or for longer where that was asked for. */
const KEY = 'modeldex-token'
/** What a bearer token is made of: RFC 6750. */
const TOKEN = /^[\w.~+/-]+=*$/
/** What stands before it in the link that the terminal printed. */
const IN_LINK = '#token='

const session = storageOf('sessionStorage')
const device = storageOf('localStorage')

let token = session?.getItem(KEY) ?? device?.getItem(KEY) ?? undefined

export function currentToken(): string | undefined {
  return token
}

export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

export function keepToken(text: string, isRemembered: boolean): void {
  dropToken()
  token = text
  const storage = isRemembered ? device : session
  storage?.setItem(KEY, text)
}

export function dropToken(): void {
  token = undefined
  session?.removeItem(KEY)
  device?.removeItem(KEY)
}

/** Takes the token out of the URL, so that no bookmark, history or screenshot keeps it. */
export function takeTokenFromLink(): void {
  if (!location.hash.startsWith(IN_LINK)) return
  const found = location.hash.slice(IN_LINK.length)
  history.replaceState(null, '', location.pathname + location.search)
  if (isToken(found)) keepToken(found, false)
}

/** Undefined where the browser keeps nothing for pages: then the token lives as long as this one. */
function storageOf(name: 'sessionStorage' | 'localStorage'): Storage | undefined {
  try {
    return window[name]
  } catch {
    return undefined
  }
}
