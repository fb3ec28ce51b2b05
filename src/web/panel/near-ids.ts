/** Behind the last such words: an id that is asked for may hold them, too. */
const OFFER = /^(.* Did you mean )(.+)\?$/s
/** What stands between two ids; each has a slash, so that words within one are no end of it. */
const BETWEEN = /(?:, | or )(?=\S+\/)/

/** The service's word on a model that is not there: what comes before the ids that it names as near, and those. */
export function nearIdsIn(detail: string): { before: string; ids: readonly string[] } {
  const [, before = detail, near] = OFFER.exec(detail) ?? []
  return { before, ids: near?.split(BETWEEN) ?? [] }
}
