/** Where the token is kept: for this session of the browser, or for longer where that was asked for. */
const KEY = 'modeldex-token'
/** What the link says that the terminal printed. */
const IN_LINK = /^#token=([\w.~+/-]+=*)$/

let token = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? undefined

export function currentToken(): string | undefined {
  return token
}

export function keepToken(text: string, isRemembered: boolean): void {
  dropToken()
  token = text
  const storage = isRemembered ? localStorage : sessionStorage
  storage.setItem(KEY, text)
}

export function dropToken(): void {
  token = undefined
  sessionStorage.removeItem(KEY)
  localStorage.removeItem(KEY)
}

/** Takes the token out of the URL, so that no bookmark, history or screenshot keeps it. */
export function takeTokenFromLink(): void {
  const found = IN_LINK.exec(location.hash)?.[1]
  if (!location.hash.startsWith('#token=')) return
  history.replaceState(null, '', location.pathname + location.search)
  if (found !== undefined) keepToken(found, false)
}
