import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Random, randomFrom } from './random.ts'

/**
 * Writes a catalog of any size in the shape of models.dev's `api.json`: the seed, then variations of it under providers
 * of new names. About half of them keep the words of a model's name, as resellers do, the rest get invented ones, so that
 * a word of the seed finds fewer of a hundred entries in a larger catalog, yet more in all. The same size gives the same
 * bytes. It is written piece by piece: the text of a million models is longer than a JavaScript string can be.
 */
const SEED_FILE = join(import.meta.dirname, '..', 'seed', 'catalog.json')
const RANDOM_SEED = 20_260_701
/** Variations of the seed that share a provider: so many times more models a provider. */
const ROUNDS_PER_PROVIDER = 8
const NEW_WORDS_SHARE = 0.5
/** New words for names, made once: as many for every size, so that they too become common. */
const NEW_WORDS = 4_000
const MAX_DAYS_SHIFTED = 400
const DAY_MS = 86_400_000
const VARIANTS = ['', '', '', '-pro', '-mini', '-fast', '-lite', '-max', '-preview', '-instruct', ':free']
const PRICE_FACTORS = [0.25, 0.5, 0.8, 1, 1, 1.1, 1.25, 2]
const CONTEXT_FACTORS = [0.5, 1, 1, 1, 2, 4]

type Json = Record<string, unknown>
interface SeedProvider {
  models: Record<string, Json>
}
type Seed = Record<string, SeedProvider>

export async function writeSynthetic(models: number, file: string): Promise<void> {
  await pipeline(Readable.from(pieces(models)), createWriteStream(file))
}

function* pieces(wanted: number): Generator<string> {
  const seed: Seed = JSON.parse(readFileSync(SEED_FILE, 'utf8'))
  const random = randomFrom(RANDOM_SEED)
  const words = Array.from({ length: NEW_WORDS }, () => newWord(random))
  const usedProviders = new Set(Object.keys(seed))
  let left = wanted
  let before = '{\n'
  for (const [id, provider] of Object.entries(seed)) {
    const lines = Object.entries(provider.models).slice(0, left).map(modelLine)
    if (lines.length === 0) break
    left -= lines.length
    yield before + providerText(id, provider, lines)
    before = ',\n'
  }
  while (left > 0) {
    for (const provider of Object.values(seed)) {
      const newId = unused(
        `${random.pick(words)}${random.pick(['', '-ai', '-cloud', '-hub'])}`,
        usedProviders,
      )
      // As upstream lists them, which is also how they are read fastest.
      const inOrder = variations(provider, random, words, left).sort(([a], [b]) => (a < b ? -1 : 1))
      const lines = inOrder.map(modelLine)
      left -= lines.length
      yield before + providerText(newId, { ...provider, id: newId, name: titled(newId) }, lines)
      before = ',\n'
      if (left === 0) break
    }
  }
  yield '\n}\n'
}

function variations(provider: SeedProvider, random: Random, words: readonly string[], most: number) {
  const usedIds = new Set<string>()
  const made: [string, Json][] = []
  for (let round = 0; round < ROUNDS_PER_PROVIDER; round++) {
    for (const [id, model] of Object.entries(provider.models)) {
      if (made.length === most) return made
      const newId = unused(variedId(id, random, words), usedIds)
      made.push([newId, varied(model, newId, random)])
    }
  }
  return made
}

function variedId(id: string, random: Random, words: readonly string[]): string {
  const isRenamed = random.chance(NEW_WORDS_SHARE)
  const slash = id.lastIndexOf('/') + 1
  // The first word of the last segment is the family, as in `claude-sonnet-4`.
  const segment = id.slice(slash).replace(/^\p{L}+/u, (word) => (isRenamed ? random.pick(words) : word))
  const versioned = segment.replace(/\d+/, (digits) =>
    digits.length > 2 ? digits : String((Number(digits) + random.int(9)) % 100),
  )
  const lab = isRenamed && slash > 0 ? `${random.pick(words)}/` : id.slice(0, slash)
  return `${lab}${versioned}${random.pick(VARIANTS)}`
}

function varied(model: Json, id: string, random: Random): Json {
  const { release_date: released, cost, limit } = model
  const segment = id.slice(id.lastIndexOf('/') + 1)
  const priceFactor = random.pick(PRICE_FACTORS)
  const contextFactor = random.pick(CONTEXT_FACTORS)
  return {
    ...model,
    id,
    name: titled(segment),
    ...(typeof released === 'string' && { release_date: shifted(released, random) }),
    ...(isRecord(cost) && { cost: scaled(cost, (usd) => Number((usd * priceFactor).toPrecision(4))) }),
    ...(isRecord(limit) && { limit: scaled(limit, (tokens) => Math.round(tokens * contextFactor)) }),
  }
}

function shifted(date: string, random: Random): string {
  const time = Date.parse(date)
  if (Number.isNaN(time)) return date
  return new Date(time + (random.int(MAX_DAYS_SHIFTED) - MAX_DAYS_SHIFTED / 2) * DAY_MS)
    .toISOString()
    .slice(0, date.length)
}

function scaled(numbers: Json, scale: (value: number) => number): Json {
  return Object.fromEntries(
    Object.entries(numbers).map(([key, value]) => [key, typeof value === 'number' ? scale(value) : value]),
  )
}

const CONSONANTS = [...'bcdfghklmnprstvz']
const VOWELS = [...'aeiou']

function newWord(random: Random): string {
  const syllables = Array.from(
    { length: 2 + random.int(2) },
    () => random.pick(CONSONANTS) + random.pick(VOWELS),
  )
  return syllables.join('') + (random.chance(0.5) ? random.pick(CONSONANTS) : '')
}

function titled(id: string): string {
  return id.replaceAll(/[-_:]+/g, ' ').replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())
}

function unused(id: string, used: Set<string>): string {
  let free = id
  for (let number = 2; used.has(free); number++) free = `${id}-${number}`
  used.add(free)
  return free
}

function modelLine([id, model]: [string, Json]): string {
  return `${JSON.stringify(id)}:${JSON.stringify(model)}`
}

/** As the seed is written: a model a line. */
function providerText(id: string, provider: object, lines: readonly string[]): string {
  const head = JSON.stringify({ ...provider, models: undefined })
  return `${JSON.stringify(id)}:${head.slice(0, -1)},"models":{\n${lines.join(',\n')}\n}}`
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

if (import.meta.main) {
  const [models = '', file = ''] = process.argv.slice(2)
  if (!/^\d+$/.test(models) || file === '') {
    process.stderr.write('usage: node bench/synthetic.ts MODELS FILE\n')
    process.exitCode = 2
  } else {
    await writeSynthetic(Number(models), file)
  }
}
