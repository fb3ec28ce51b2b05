import { render } from 'preact'
import { App } from './app.tsx'
import { takeTokenFromLink } from './credentials.ts'
import { installTooltips } from './tooltips.ts'

takeTokenFromLink()
// The link may be opened in a window that shows the page already.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token=')) location.reload()
})
installTooltips()
const place = document.getElementById('page')
if (place !== null) render(<App />, place)
