import { expect, it } from 'vitest'
import { fingerprintOf, modelDigest } from '../../src/ingest/canonical.ts'
import { DIGEST_BYTES } from '../../src/ingest/digests.ts'
import type { UpstreamModel } from '../../src/source/schema.ts'

type Models = [modelId: string, model: UpstreamModel][]

function digestsOf(providers: Record<string, Models>) {
  const sent = Object.entries(providers).map(([id, models]) => ({ id, head: {}, models }))
  return fingerprintOf({ providers: sent, whole: (model) => model }).digests
}

/** In no order: code units put U+FF5E behind the surrogates of U+1F680. */
const MODEL_IDS = ['b', 'a/b', '\uff5e', 'a', '\u{1f680}', 'ab', '__proto__', 'a-1']
const MODELS = MODEL_IDS.map((name): Models[number] => [name, { name }])

it("finds each model's digest by its id, wherever the model was sent", () => {
  const digests = digestsOf({ z: MODELS, none: [], a: MODELS.slice(0, 3) })
  for (const [modelId, model] of MODELS) expect(digests.get(`z/${modelId}`)).toBe(modelDigest(model))
  expect(digests.get('a/a/b')).toBe(modelDigest({ name: 'a/b' }))
  expect(digests.size).toBe(MODELS.length + 3)
  expect(digests.get('z/b')).toHaveLength(Math.ceil((DIGEST_BYTES * 4) / 3))
})

it.each(['z/c', 'z/', 'z', 'y/b', 'none/b', '', 'z/A', 'z/\u{1f681}'])('has none for %j', (id) => {
  const digests = digestsOf({ z: MODELS, none: [] })
  expect(digests.has(id)).toBe(false)
  expect(digests.get(id)).toBeUndefined()
})

it('tells all of them, each once', () => {
  const digests = digestsOf({ z: MODELS, a: MODELS.slice(0, 2) })
  const ids = [...MODEL_IDS.map((id) => `z/${id}`), ...MODEL_IDS.slice(0, 2).map((id) => `a/${id}`)]
  expect([...digests.keys()].toSorted()).toEqual(ids.toSorted())
  expect([...digests].toSorted()).toEqual(ids.toSorted().map((id) => [id, digests.get(id)]))
})
