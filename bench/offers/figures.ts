import { OFFER_RULES, type OfferRule } from '../../src/db/spellings.ts'
import { readBuild } from '../../src/ingest/build.ts'
import { canonicalOf, modelTeller, type Offered } from '../../src/ingest/offered-models.ts'
import { inStandingOrder, parseCuration } from '../../src/ingest/order.ts'
import { loadSource } from '../../src/source/load.ts'
import { parseCatalog, readUpstream, type UpstreamProvider } from '../../src/source/upstream.ts'

/** An entry of the seed, beside what is known of it when upstream says of no model what it is. */
export interface Known {
  entry: Offered
  /** In the standing order that follows from that, the lab as well. */
  hidden: Offered
}

/** How often a rule is right. */
export interface RuleFigures {
  rule: OfferRule
  /** How many entries it told the model of. */
  told: number
  right: number
}

/** All entries of the seed, in its standing order. */
export async function readKnown(): Promise<Known[]> {
  const [{ content }, build] = await Promise.all([loadSource('seed'), readBuild()])
  const { providers } = readUpstream(parseCatalog(content))
  const curation = parseCuration(build)
  const hidden = new Map<string, Offered>(
    inStandingOrder(providers.map(withoutCanonical), curation).map((placed) => [
      `${placed.provider}/${placed.modelId}`,
      placed,
    ]),
  )
  return inStandingOrder(providers, curation).map((entry) => {
    return { entry, hidden: hidden.get(`${entry.provider}/${entry.modelId}`) ?? entry }
  })
}

function withoutCanonical(provider: UpstreamProvider): UpstreamProvider {
  return {
    ...provider,
    models: provider.models.map(([id, { canonical_model_id: _, ...model }]) => [id, model]),
  }
}

/**
 * Hides of one entry after the other what upstream says, and asks the rules, which know all other entries. Told models that
 * upstream does not name are left out: nobody knows whether those are right.
 */
export function figuresOfHiddenOnes(all: readonly Known[]): RuleFigures[] {
  const entries = all.map(({ entry }) => entry)
  const served = Map.groupBy(entries, canonicalOf)
  const tellWithAll = modelTeller(entries)
  const figures = emptyFigures()
  for (const { entry, hidden } of all) {
    const model = canonicalOf(entry)
    if (model === undefined) continue
    // A model that nobody else serves has no name without this entry.
    const isAlone = served.get(model)?.length === 1
    const tell = isAlone ? modelTeller(entries.filter((other) => other !== entry)) : tellWithAll
    const told = tell(hidden)
    if (served.has(told.model)) add(figures, told.matchedBy, told.model === model)
  }
  return figures
}

/**
 * Hides all that upstream says, so that every model is named after an entry. Right is who upstream says to be of the model
 * that most of those are of who came together.
 */
export function figuresOfAllHidden(all: readonly Known[]): RuleFigures[] {
  const canonical = new Map(all.map(({ entry, hidden }) => [hidden, canonicalOf(entry)]))
  const inOrder = all.map(({ hidden }) => hidden)
  const tell = modelTeller(inOrder)
  const told = inOrder.map((hidden) => {
    const { model: name, matchedBy } = tell(hidden)
    return { model: canonical.get(hidden), name, matchedBy }
  })
  const figures = emptyFigures()
  const groups = Map.groupBy(
    told.filter(({ model }) => model !== undefined),
    ({ name }) => name,
  )
  for (const group of groups.values()) {
    if (group.length === 1) continue
    const models = Map.groupBy(group, ({ model }) => model)
    const most = Math.max(...[...models.values()].map(({ length }) => length))
    const [commonest] = [...models].find(([, { length }]) => length === most) ?? []
    for (const { model, matchedBy } of group) add(figures, matchedBy, model === commonest)
  }
  return figures
}

function emptyFigures(): RuleFigures[] {
  const spelt = OFFER_RULES.filter((rule) => rule !== 'canonical_model_id' && rule !== 'own_id')
  return spelt.map((rule) => ({ rule, told: 0, right: 0 }))
}

/** Entries that nothing leads to a model count for no rule. */
function add(figures: readonly RuleFigures[], rule: OfferRule, isRight: boolean): void {
  const figure = figures.find((each) => each.rule === rule)
  if (figure === undefined) return
  figure.told++
  if (isRight) figure.right++
}
