import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/ingest/canonical.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeCatalog } from '../ingest/catalogs.ts'
import { expectEnvelope, get, serviceForTest } from './wire.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Whatever a document could lose or bend on its way. */
const NASTY = JSON.parse(`{
  "10": { "id": "ten", "env": [], "name": null, "models": { "9": { "id": "9" }, "10": { "id": "else" } } },
  "acme": {
    "id": "acme", "env": ["A", "B"], "doc": "https://acme.example/\\u2028", "surprise": [1, null, {}],
    "models": {
      "none": {},
      "a/b:c@d~e.F": { "id": "a/b:c@d~e.F", "name": " \\"Ünï\\" \\ud83d\\ude80 </script> " },
      "prices": {
        "id": "prices",
        "cost": {
          "input": 0.049999999999999996, "output": 1e-7, "cache_read": 123456789.125, "per_image": 0, "note": "x",
          "tiers": [{ "output": 4, "input": 3, "tier": { "size": 9, "type": "context" } }, { "input": 2 }],
          "context_over_200k": { "output": 2, "input": 1 }
        },
        "limit": { "output": 0, "context": 99999999, "ratio": 0.5 }
      },
      "shapes": {
        "id": "shapes", "status": null, "interleaved": { "field": "reasoning_content" }, "reasoning_options": [],
        "modalities": { "output": [], "input": ["text"] }, "experimental": { "modes": { "b": 1, "a": { "cost": {} } } },
        "__proto__": { "constructor": 1 }, "release_date": "2025-25-11"
      }
    }
  }
}`)

describe('/api.json', () => {
  it('gives the whole seed back as it was sent', async () => {
    const service = await serviceForTest()
    const sent = readFileSync(join(ROOT, 'seed/catalog.json'), 'utf8')
    expect(await jsonOf(service, '/api.json')).toEqual(JSON.parse(sent))
  })

  it('loses nothing of what is odd', async () => {
    const service = await serviceForTest({ catalog: NASTY })
    // `toEqual` overlooks keys such as `__proto__`.
    expect(canonicalJson(await jsonOf(service, '/api.json'))).toBe(canonicalJson(NASTY))
  })

  it('writes fields in the order of models.dev, ids sorted', async () => {
    const model = {
      cost: { output: 2, input: 1 },
      limit: { output: 2, context: 1 },
      zebra: 1,
      name: 'M',
      id: 'm',
    }
    const service = await serviceForTest({
      catalog: { b: { models: { m: model, k: {} }, name: 'B', id: 'b' }, a: { id: 'a', models: { n: {} } } },
    })
    expect(await (await get(service, '/api.json')).text()).toBe(
      '{"a":{"id":"a","models":{"n":{}}},"b":{"id":"b","name":"B","models":{"k":{},' +
        '"m":{"id":"m","name":"M","limit":{"context":1,"output":2},"cost":{"input":1,"output":2},"zebra":1}}}}',
    )
  })

  it('shows what an overlay decides', async () => {
    const service = await serviceForTest()
    const overlay = join(service.dir, 'overlay.json')
    writeCatalog(
      service.dir,
      { override: { openai: { models: { 'gpt-4o': { cost: { input: 0.1 } } } } } },
      'overlay.json',
    )
    await ingest({ db: service.db, from: 'seed', overlay })
    const { openai } = await jsonOf(service, '/api.json')
    expect(openai.models['gpt-4o'].cost.input).toBe(0.1)
  })

  it('passes over what follows a question mark', async () => {
    const service = await serviceForTest({ catalog: NASTY })
    const [plain, busted] = await Promise.all(['', '?t=1'].map((query) => get(service, `/api.json${query}`)))
    expect(busted?.status).toBe(200)
    expect(busted?.headers.get('etag')).toBe(plain?.headers.get('etag'))
  })
})

describe('/models.json', () => {
  const offer = (facts: object) => ({
    canonical_model_id: 'openai/x',
    cost: { input: 1, output: 2 },
    ...facts,
  })

  it("has the maker's own entry, without prices and what else is a provider's", async () => {
    const service = await serviceForTest({
      catalog: {
        openai: {
          id: 'openai',
          models: {
            'x-latest': offer({ id: 'x-latest', name: 'Another', release_date: '2026-01-01' }),
            x: offer({
              id: 'x',
              name: 'X',
              status: 'beta',
              knowledge: null,
              limit: { context: 1, output: 1 },
            }),
          },
        },
        reseller: { id: 'reseller', models: { x: offer({ id: 'x', name: 'Y', family: 'xs' }) } },
      },
    })
    expect(await jsonOf(service, '/models.json')).toEqual({
      'openai/x': { id: 'openai/x', name: 'X', limit: { context: 1, output: 1 } },
    })
  })

  it("has each field's commonest value where the maker has no entry", async () => {
    const models = {
      a: offer({ name: 'A', limit: { context: 1, output: 1 }, release_date: '2026-01-03' }),
      b: offer({ name: 'B', limit: { output: 2, context: 2 }, release_date: '2026-01-02' }),
      c: offer({ limit: { context: 2, output: 2 }, release_date: '2026-01-01', family: 'xs' }),
      d: { name: 'Not of it' },
    }
    const service = await serviceForTest({ catalog: { reseller: { id: 'reseller', models } } })
    expect(await jsonOf(service, '/models.json')).toEqual({
      'openai/x': {
        id: 'openai/x',
        // Of equally common ones the first in the standing order: here the newest.
        name: 'A',
        family: 'xs',
        release_date: '2026-01-03',
        limit: { context: 2, output: 2 },
      },
    })
  })
})

it('/catalog.json holds both', async () => {
  const acme = { id: 'acme', models: { m: { id: 'm', canonical_model_id: 'acme/m' } } }
  const service = await serviceForTest({ catalog: { ...NASTY, acme } })
  const [both, models, providers] = await Promise.all(
    ['/catalog.json', '/models.json', '/api.json'].map((path) => jsonOf(service, path)),
  )
  expect(both).toEqual({ models, providers })
  expect(models).toEqual({ 'acme/m': { id: 'acme/m' } })
  expect(Object.keys(both)).toEqual(['models', 'providers'])
})

describe('a document', () => {
  it('is made once for all who ask, and anew when the catalog has changed', async () => {
    const service = await serviceForTest({ catalog: NASTY })
    const first = await Promise.all(Array.from({ length: 8 }, () => get(service, '/api.json')))
    expect(new Set(first.map(({ headers }) => headers.get('etag'))).size).toBe(1)
    const catalog = { acme: { id: 'acme', models: { m: { id: 'm' } } } }
    const { version } = await ingest({
      db: service.db,
      from: writeCatalog(service.dir, catalog),
    })
    const next = await get(service, '/api.json')
    expect(next.headers.get('x-dataset-version')).toBe(version)
    expect(await next.json()).toEqual(catalog)
  })

  it('has the version of its content, whatever is ingested meanwhile', async () => {
    const service = await serviceForTest({ catalog: NASTY })
    const contents = new Map<string | null, unknown>()
    const catalogOf = (round: number) => ({
      acme: { id: 'acme', models: { m: { id: 'm', name: `${round}` } } },
    })
    const asked: Promise<void>[] = []
    const ask = async () => {
      const answer = await get(service, '/api.json')
      contents.set(answer.headers.get('x-dataset-version'), await answer.json())
    }
    const sent = new Map<string, unknown>()
    for (let round = 0; round < 4; round++) {
      asked.push(ask())
      const from = writeCatalog(service.dir, catalogOf(round))
      const { version } = await ingest({ db: service.db, from })
      sent.set(version, catalogOf(round))
      asked.push(ask())
    }
    await Promise.all(asked)
    for (const [version, content] of contents) expect(sent.get(version ?? '') ?? NASTY).toEqual(content)
  })

  it('that cannot be made is a failure like any other', async () => {
    const service = await serviceForTest({ catalog: NASTY })
    rmSync(service.db)
    const answer = await get(service, '/api.json')
    expectEnvelope(answer, await answer.text(), 500, 'server_error')
  })
})

async function jsonOf(service: Parameters<typeof get>[0], path: string) {
  const answer = await get(service, path)
  expect(answer.status).toBe(200)
  return JSON.parse(await answer.text())
}
