import type { Content } from './content.ts'
import { type Fault, isRecord, modelFault, type UpstreamModel } from './schema.ts'
import { parseSplit } from './split.ts'

/**
 * Stands for a model of a source that is too large to be in memory: the fields that decide its place in the catalog, what is
 * wrong with it, and where the whole of it stands.
 */
class Outline {
  [field: string]: unknown
  readonly from: number
  readonly to: number
  readonly fault: Fault | undefined
  readonly family: string | null | undefined
  readonly canonical_model_id: string | null | undefined
  readonly release_date: string | null | undefined
  readonly status: string | null | undefined

  constructor(value: unknown, from: number, to: number, shared: (text: string) => string) {
    this.from = from
    this.to = to
    this.fault = modelFault(value)
    const model: UpstreamModel = this.fault === undefined && isRecord(value) ? value : {}
    this.family = model.family && shared(model.family)
    this.canonical_model_id = model.canonical_model_id && shared(model.canonical_model_id)
    this.release_date = model.release_date && shared(model.release_date)
    this.status = model.status && shared(model.status)
  }
}

/** Most texts that are kept once for all models that have them. */
const MAX_SHARED = 100_000

/**
 * Parses a catalog of any size as `JSON.parse` does, but for outlines in the models' places.
 * @throws SyntaxError when it is no JSON
 */
export function parseOutlined(content: Content): unknown {
  const texts = new Map<string, string>()
  const shared = (text: string) => {
    const known = texts.get(text)
    if (known === undefined && texts.size < MAX_SHARED) texts.set(text, text)
    return known ?? text
  }
  return parseSplit(content, (value, from, to) => new Outline(value, from, to, shared))
}

/** What is wrong with a model, or with the one that an outline stands for. */
export function faultOfModel(model: unknown): Fault | undefined {
  return model instanceof Outline ? model.fault : modelFault(model)
}

/** A model as sent, read again where only its outline is there. */
export function wholeModel(model: UpstreamModel, content: Content): UpstreamModel {
  return model instanceof Outline ? (wholeValue(model, content) as UpstreamModel) : model
}

/** What a provider says of itself may hold values as deep as models stand. */
export function withoutOutlines(head: Record<string, unknown>, content: Content): Record<string, unknown> {
  for (const member of Object.values(head)) {
    if (typeof member !== 'object' || member === null) continue
    const container = member as Record<string, unknown>
    for (const [key, value] of Object.entries(container)) {
      if (value instanceof Outline) container[key] = wholeValue(value, content)
    }
  }
  return head
}

function wholeValue({ from, to }: Outline, content: Content): unknown {
  try {
    return JSON.parse(content.read(from, to).toString())
  } catch (error) {
    content.verify()
    throw error
  }
}
