// A small catalog, in api.json shape, of what the real one happens not to hold: the rules that it cannot make matter.
// Providers are real ones, so that the curated makers, hosts and featured ids mean something here too.
import type { Catalog, SourceModel } from './entry.ts'

const providers = [
  'openai',
  'anthropic',
  'google',
  'groq',
  'openrouter',
  'vercel',
  'POE',
  'helicone',
  'Nebula',
]
const heads = ['mix', 'Mix', 'ember', 'remixes-mixes', 'МИКС-ΣΑΣ', 'edition']
const versions = ['1', '1.5', '1-5', '15', '1.50', 'r1', '4-20250514', '4.2']
const tails = ['', '-mini', '-ﬁne', ':free', '_１〇', '-pro-2']
const dates = [null, '2025-05-01', '2025-05', '2025', '1970-01-01', '2025-25-11', '2026-01-01', '2026-01-01']
const families = ['few', 'tie', 'most', 'lost', null]

const nasty: [provider: string, modelId: string, model: SourceModel][] = [
  ['openai', 'ｍix-ｖ2', { name: 'Mix v2' }],
  ['openai', '𝗺ix-v2', { name: 'Mix v2' }],
  ['openai', 'mix-v2', { name: 'ＭＩＸ Ｖ２' }],
  ['openai', 'MIX-V2', { name: 'mix v2' }],
  ['groq', 'straße-2', { name: 'STRASSE 2' }],
  ['groq', 'ΟΔΟΣ-1', { name: 'οδος 1' }],
  ['groq', 'İstanbul-1', { name: 'istanbul 1' }],
  ['groq', 'e\u0301tude-3', { name: 'Étude 3' }],
  ['POE', '模型-3.5', { name: '模型 ３．５' }],
  ['POE', 'модель2', { name: 'МОДЕЛЬ ②' }],
  ['POE', 'oﬃce-½', { name: 'Office 1⁄2' }],
  ['POE', 'x²', { name: 'X2' }],
  ['POE', '٣.٥', { name: '35' }],
  ['POE', 'Ⅷ', { name: 'viii' }],
  ['groq', '--', { name: '***' }],
  ['groq', '***', { name: '--' }],
  ['openrouter', '-', { name: '💥' }],
  ['POE', '--', { name: 'dashes' }],
  ['openai', 'a--b', { name: 'dashes' }],
  ['POE', 'große-3', { name: 'Große 3' }],
  ['POE', 'İzmir-7', { name: 'İzmir 7' }],
  ['POE', '〇.〇-x', { name: '〇.〇 X' }],
  ['POE', '𠮷-𠮷x', { name: '𠮷 𠮷x' }],
  ['POE', 'ж-4', { name: 'Ж 4' }],
  ['POE', 'w-q1bc-q1', { name: 'B c' }],
  ['openai', 'w-q1bc', { name: 'W q1bc' }],
  ['openrouter', 'tail/-', { name: '  padded  name ' }],
  ['openrouter', 'a/b/c-1', { name: 'C 1' }],
  ['openrouter', 'a/c-1', { name: 'b c 1' }],
  ['vercel', '10', { name: '10' }],
  ['vercel', '9', { name: '10' }],
  ['vercel', 'constructor', { name: 'toString' }],
  ['vercel', '100%', { name: 'all_of it' }],
  ['vercel', 'quo"te', { name: "it's \\ (a) * NEAR OR" }],
  ['vercel', 'a_b', { name: 'a%b' }],
  ['helicone', 'nameless-4.5', {}],
  ['anthropic', 'openai/gpt-mix', { name: 'GPT mix' }],
  ['openai', 'openai/gpt-mix', { name: 'GPT mix' }],
  ['openai', 'anthropic/gpt-mix', { name: 'GPT mix' }],
  ['openai', 'gpt-mix', { name: 'GPT mix' }],
  ['openrouter', 'openai/gpt-mix', { name: 'openai/gpt-mix', status: 'deprecated' }],
]

const oddFields: SourceModel[] = [
  {},
  { cost: { input: 3 } },
  { cost: { output: 4 } },
  { cost: { input: 5, output: 1 } },
  { cost: { input: 0, output: 0 }, limit: { context: 0, output: 0 } },
  { cost: { input: 0.049999999999999996, output: 0.1 }, limit: { context: 1 } },
  { limit: { output: 4096 } },
  { limit: { context: 131072, output: 8192 }, open_weights: true },
  {
    limit: { context: 131073, output: 131074 },
    open_weights: false,
    modalities: { input: ['text'], output: [] },
  },
]

const statuses = [null, 'beta', 'deprecated', null, 'alpha', 'retired', null]

export function syntheticCatalog(featuredIds: readonly string[]): Catalog {
  const catalog: Catalog = {}
  const add = (provider: string, modelId: string, model: SourceModel) => {
    catalog[provider] ??= { ...providerFacts(provider), models: {} }
    catalog[provider].models[modelId] = { id: modelId, ...model } as SourceModel
  }
  for (const [index, provider] of providers.entries()) {
    for (const [at, modelId] of modelIds(index).entries())
      add(provider, modelId, variedModel(index, at, modelId))
  }
  for (const [at, [provider, modelId, model]] of nasty.entries())
    add(provider, modelId, { ...oddFields[at % oddFields.length], release_date: '2026-01-01', ...model })
  for (const [at, id] of featuredIds.entries()) {
    const slash = id.indexOf('/')
    add(id.slice(0, slash), id.slice(slash + 1), variedModel(at, at, id.slice(slash + 1)))
  }
  for (const [at, [family, canonical]] of familyLabs.entries())
    add('helicone', `of-${family}-${at}`, { name: `Of ${family}`, family, canonical_model_id: canonical })
  return catalog
}

const CROWD = { models: 150, runs: 140 }
const LETTERS = 26

/** The same and names of so many runs, each of its own, that the service lists them no longer. */
export function crowdedCatalog(catalog: Catalog): Catalog {
  const models = Array.from({ length: CROWD.models }, (_, model): [string, SourceModel] => {
    const runs = Array.from({ length: CROWD.runs }, (_, run) => wordOf(model * CROWD.runs + run))
    return [`one-of-${model}`, { id: `one-of-${model}`, name: runs.join(' ') } as SourceModel]
  })
  return { ...catalog, Nebula: { ...providerFacts('Nebula'), models: Object.fromEntries(models) } }
}

/** Letters of its own for each number. */
function wordOf(number: number): string {
  const letter = String.fromCharCode('a'.charCodeAt(0) + (number % LETTERS))
  return number < LETTERS ? letter : wordOf(Math.floor(number / LETTERS)) + letter
}

/** Whose a family is: by one entry, by a tie that the later name wins, by most, by nobody. */
const familyLabs: [string, string][] = [
  ['few', 'openai/few'],
  ['tie', 'anthropic/tie'],
  ['tie', 'openai/tie'],
  ['most', 'openai/most'],
  ['most', 'anthropic/most'],
  ['most', 'anthropic/most'],
]

function modelIds(offset: number): string[] {
  const ids = heads.flatMap((head, h) =>
    versions.map((version, v) => {
      const tail = tails[(h + v * 2 + (offset % 2)) % tails.length] ?? ''
      const lab = offset < 4 ? '' : ['openai/', 'anthropic/', ''][(h + v + offset) % 3]
      return `${lab}${head}-${version}${tail}`
    }),
  )
  return ids.filter((_, at) => (at + offset) % 3 !== 0)
}

function variedModel(offset: number, at: number, modelId: string): SourceModel {
  const pick = <T>(list: readonly T[], step: number) => list[(at * step + offset) % list.length]
  const family = pick(families, 3)
  const release = pick(dates, 5)
  const status = pick(statuses, 2)
  return {
    ...(at % 6 === 5 ? {} : { name: nameOf(modelId, at) }),
    ...(family ? { family } : {}),
    ...(at % 4 === 1 ? { canonical_model_id: pick(['openai/x', 'anthropic/x', 'groq/x'], 1) ?? '' } : {}),
    ...(release ? { release_date: release } : {}),
    ...(status ? { status } : {}),
    ...pick(oddFields, 1),
    reasoning: at % 2 === 0,
    tool_call: at % 3 === 0,
    interleaved: at % 5 === 0 ? { field: 'reasoning_content' } : at % 5 === 1,
  }
}

/** As the id, or with a word that the id lacks. */
function nameOf(modelId: string, at: number): string {
  const words = modelId.slice(modelId.lastIndexOf('/') + 1).replaceAll('-', ' ')
  return at % 3 === 1 ? `Edition of ${words}` : words
}

function providerFacts(id: string) {
  return {
    id,
    name: id,
    env: [`${id.toUpperCase()}_API_KEY`],
    npm: '@ai-sdk/openai-compatible',
    doc: 'https://example.com',
  }
}
