import { parseResolveQuery } from '../catalog/resolve-params.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'

export const RESOLVE_PATH = '/api/v1/inference/resolve'

/** Answers which entries an id means, however it is spelt. */
export function resolveHandler({ catalog, config }: AppContext): Handler {
  const answer = answerSender(config)
  return async (_request, response) => {
    const { exchange, target } = response.locals
    const query = parseResolveQuery(target.pairs)
    // Loaded here, so that no start waits for what few ask for.
    const { resolveId } = await import('../catalog/resolve.ts')
    answer(
      exchange,
      catalog.read((db, version) => ({ version, body: JSON.stringify(resolveId(db, query)) })),
    )
  }
}
