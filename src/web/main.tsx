import { render } from 'preact'
import { startConnection } from './api.ts'
import { App } from './app.tsx'
import { takeTokenFromLink } from './credentials.ts'
import { installKeptFocus } from './kept-focus.ts'
import { installPrinting } from './printing.ts'
import { readState } from './state.ts'
import { askAheadForRows } from './table/row-loader.ts'
import { installTooltips } from './tooltips.ts'

takeTokenFromLink()
startConnection()
askAheadForRows(readState(location.search))
// The link may be opened in a window that shows the page already.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token=')) location.reload()
})
installKeptFocus()
installTooltips()
installPrinting()
const place = document.getElementById('page')
if (place !== null) render(<App />, place)
