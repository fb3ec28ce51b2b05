import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')
export const SEED = join(ROOT, 'seed')
export const FIXTURES = join(ROOT, 'test/fixtures')

const model = z.looseObject({
  id: z.string(),
  name: z.string(),
  family: z.string().optional(),
  canonical_model_id: z.string().optional(),
  status: z.string().optional(),
  release_date: z.string(),
  modalities: z.object({ input: z.array(z.string()), output: z.array(z.string()) }),
})
const catalog = z.record(z.string(), z.looseObject({ id: z.string(), models: z.record(z.string(), model) }))
const featured = z.strictObject({
  note: z.string(),
  models: z.array(
    z.strictObject({
      id: z.string(),
      litellm: z.string(),
      derived: z.literal(true).optional(),
      why: z.string().optional(),
    }),
  ),
})
const parties = z.strictObject({
  note: z.string(),
  makes: z.record(z.string(), z.array(z.string())),
  hosts: z.array(z.string()),
})

export type Entry = {
  id: string
  provider: string
  modelId: string
  lab: string
  model: z.infer<typeof model>
}

export function readText(name: string): string {
  return readFileSync(join(SEED, name), 'utf8')
}

export function readCatalog() {
  return catalog.parse(JSON.parse(readText('catalog.json')))
}

export function readFeatured() {
  return featured.parse(JSON.parse(readText('featured.json')))
}

export function readParties() {
  return parties.parse(JSON.parse(readText('parties.json')))
}

export function readLitellmKeys(): Set<string> {
  const keys = JSON.parse(readFileSync(join(FIXTURES, 'litellm-keys.json'), 'utf8'))
  return new Set(z.array(z.string()).parse(keys))
}

/** Every model of the seed with its lab, by the rule of the contract. */
export function readEntries(): Entry[] {
  const found = Object.entries(readCatalog()).flatMap(([provider, { models }]) =>
    Object.entries(models).map(([modelId, model]) => ({ provider, modelId, model })),
  )
  const labsOfFamilies = countLabs(found)
  return found.map(({ provider, modelId, model }) => {
    const ofFamily = labsOfFamilies.get(model.family ?? '')
    const fallback = modelId.includes('/') ? (modelId.split('/')[0] ?? provider) : provider
    const lab = canonicalLab(model) ?? (ofFamily === undefined ? fallback : commonest(ofFamily))
    return { id: `${provider}/${modelId}`, provider, modelId, lab, model }
  })
}

export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function canonicalLab(entry: z.infer<typeof model>): string | undefined {
  return entry.canonical_model_id?.split('/')[0]
}

function countLabs(found: { model: z.infer<typeof model> }[]): Map<string, Map<string, number>> {
  const families = new Map<string, Map<string, number>>()
  for (const { model } of found) {
    const lab = canonicalLab(model)
    if (lab === undefined || model.family === undefined) continue
    const labs = families.get(model.family) ?? new Map<string, number>()
    families.set(model.family, labs.set(lab, (labs.get(lab) ?? 0) + 1))
  }
  return families
}

function commonest(labs: Map<string, number>): string {
  const ranked = [...labs].sort(([a, m], [b, n]) => n - m || byCodePoint(b, a))
  return ranked[0]?.[0] ?? ''
}
