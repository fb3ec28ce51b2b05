import { parseBrowseQuery } from '../catalog/browse-params.ts'
import { acceptedFormat } from './accepted-format.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { varyBy } from './exchange.ts'
import { addPageLinks } from './page-links.ts'
import { rowSender } from './rows.ts'

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
      addPageLinks(exchange, target, { ...query, total: found.total })
      answer(exchange, found)
    } else {
      await sendRows(exchange, query.format, () => {
        const rows = catalog.rows(query)
        addPageLinks(exchange, target, { ...query, total: rows.total })
        return rows
      })
    }
  }
}
