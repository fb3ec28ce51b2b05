import { matchingProviders, type Provider, parseProvidersQuery, readProviders } from '../catalog/providers.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'

export const PROVIDERS_PATH = '/api/v1/inference/providers'

interface Held {
  state: number
  version: string
  providers: Provider[]
}

/** Answers who serves models, and what it takes to use them. */
export function providersHandler({ catalog, config }: AppContext): Handler {
  const answer = answerSender(config)
  let held: Held | undefined
  /** To count every model takes long, and the list is short. */
  const current = (): Held => {
    // Asked before they are read: they may be kept under a state older than theirs, never under a newer one.
    const state = catalog.state()
    if (held?.state !== state) {
      held = catalog.read((db, version) => ({ state, version, providers: readProviders(db) }))
    }
    return held
  }
  return (_request, response) => {
    const { exchange, target } = response.locals
    const { query } = parseProvidersQuery(target.pairs)
    const { version, providers } = current()
    const matching = matchingProviders(providers, query)
    answer(exchange, { version, body: JSON.stringify({ providers: matching, total: matching.length }) })
  }
}
