/** What takes the keyboard: no stop on the way by Tab, or the first of those in a dialog, which cannot take it itself. */
const PLACES = '[tabindex="-1"], dialog[open]'
/** What takes it where nothing around does. */
const LAST_PLACE_ID = 'main'

/**
 * Keeps the keyboard near where it was when what it was on is taken away, such as a button that leaves nothing more to
 * press it for. Browsers would send it to the beginning of the page.
 */
export function installKeptFocus(): void {
  /** What has the focus, or had it last, and all around it. */
  let path: Element[] = []
  document.addEventListener('focusin', ({ target }) => {
    path = []
    for (let at = target instanceof Element ? target : null; at !== null; at = at.parentElement) path.push(at)
  })
  const observer = new MutationObserver(() => {
    if (document.activeElement !== document.body || path[0]?.isConnected !== false) return
    const around = path.find((element) => element.isConnected && element.matches(PLACES))
    const place = around instanceof HTMLDialogElement ? around.querySelector('button') : around
    path = []
    const taker = place ?? document.getElementById(LAST_PLACE_ID)
    if (taker instanceof HTMLElement) taker.focus({ preventScroll: true })
  })
  observer.observe(document.body, { childList: true, subtree: true })
}
