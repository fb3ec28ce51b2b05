import { parseBrowseQuery } from '../catalog/browse-params.ts'
import { acceptedFormat } from './accepted-format.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { type Exchange, varyBy } from './exchange.ts'
import { type Page, pageLinks } from './page-links.ts'
import { rowSender } from './rows.ts'
import type { Target } from './target.ts'

export const MODELS_PATH = '/api/v1/inference/models'

/** Lists models: a page of them as JSON, or all of them row by row. */
export function modelsHandler({ catalog, config }: AppContext): Handler {
  const answer = answerSender(config)
  const sendRows = rowSender(config)
  return async (request, response) => {
    const { exchange, target } = response.locals
    varyBy(exchange, 'Accept')
    const query = parseBrowseQuery(target.pairs, acceptedFormat(request.headers.accept))
    if (query.format === 'json') {
      const found = catalog.browse(query)
      addLinks(exchange, target, { ...query, total: found.total })
      answer(exchange, found)
    } else {
      await sendRows(exchange, query.format, () => {
        const rows = catalog.rows(query)
        addLinks(exchange, target, { ...query, total: rows.total })
        return rows
      })
    }
  }
}

/** A list that is sent whole has no other pages. */
function addLinks(exchange: Exchange, { pairs }: Target, page: Page): void {
  if (!Number.isFinite(page.limit)) return
  exchange.headers = [...exchange.headers, 'Link', pageLinks(pairs, page)]
}
