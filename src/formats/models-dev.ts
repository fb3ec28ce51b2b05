import { listServed } from '../catalog/served.ts'
import type { Database } from '../db/open.ts'
import { readAsSent } from '../ingest/read-back.ts'
import { objectText, textOf } from './models-dev-text.ts'

type Providers = ReturnType<typeof readAsSent>
type Model = Providers[number]['models'][number][1]

/** What is true of a model wherever it is served: the fields that models.dev keeps apart from providers. */
const FACTS = [
  'name',
  'description',
  'family',
  'attachment',
  'reasoning',
  'tool_call',
  'structured_output',
  'temperature',
  'knowledge',
  'release_date',
  'last_updated',
  'modalities',
  'open_weights',
  'limit',
  'license',
  'links',
  'weights',
  'benchmarks',
] as const

/** Providers with their models, each field as it was sent. */
export function apiJson(db: Database): string {
  return providersText(readAsSent(db))
}

/** Models apart from providers, by canonical id. */
export function modelsJson(db: Database): string {
  return modelsText(db, readAsSent(db))
}

/** Both. */
export function catalogJson(db: Database): string {
  const providers = readAsSent(db)
  return `{"models":${modelsText(db, providers)},"providers":${providersText(providers)}}`
}

function providersText(providers: Providers): string {
  return mapText(
    providers.map(({ id, head, models }) => {
      const text = mapText(models.map(([modelId, model]) => [modelId, textOf('model', model)]))
      // The models come last, as upstream has it.
      return [id, objectText('provider', head, [['models', text]])]
    }),
  )
}

interface Offer {
  model: Model
  id: string
  isMakers: boolean
}

function modelsText(db: Database, providers: Providers): string {
  const facts = [...offersOf(db, providers)].map(([canonicalId, offers]): [string, string] => {
    const own = offers.filter(({ isMakers }) => isMakers)
    const first = own.find(({ id }) => id === canonicalId) ?? own[0]
    const model = first === undefined ? commonest(offers) : factsOf(first.model)
    return [canonicalId, textOf('model', { id: canonicalId, ...model })]
  })
  return mapText(facts)
}

/** Canonical id → who serves the model, in the standing order. */
function offersOf(db: Database, providers: Providers): Map<string, Offer[]> {
  const models = new Map(
    providers.flatMap(({ id, models }) =>
      models.map(([modelId, model]): [string, Model] => [`${id}/${modelId}`, model]),
    ),
  )
  const offers = new Map<string, Offer[]>()
  for (const { id, isMakers } of listServed(db)) {
    const model = models.get(id)
    if (!model?.canonical_model_id) continue
    const others = offers.get(model.canonical_model_id)
    if (others === undefined) offers.set(model.canonical_model_id, [{ id, isMakers, model }])
    else others.push({ id, isMakers, model })
  }
  return offers
}

/** What is not known, or sent as `null`, is no fact. */
function factsOf(model: Model): Partial<Model> {
  return Object.fromEntries(FACTS.flatMap((name) => (isKnown(model[name]) ? [[name, model[name]]] : [])))
}

/** Each field's commonest known value; of equally common ones the one that comes first in the standing order. */
function commonest(offers: readonly Offer[]): Partial<Model> {
  const facts = FACTS.flatMap((name) => {
    const values = offers.map(({ model }) => model[name]).filter(isKnown)
    const alike = Map.groupBy(values, (value) => textOf(name, value))
    const [most] = [...alike.values()].sort((a, b) => b.length - a.length)
    return most === undefined ? [] : [[name, most[0]]]
  })
  return Object.fromEntries(facts)
}

function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** An object of JSON from the texts of its members, in the order of their keys. */
function mapText(members: readonly (readonly [key: string, text: string])[]): string {
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join()}}`
}
