import type { QueryPair } from '../src/catalog/params.ts'
import { CAPABILITIES } from '../src/db/capabilities.ts'
import { lastSegment, type Sample } from './entries.ts'
import type { Random } from './random.ts'

/** One shape of a list request; each call draws other values for it. */
export interface Shape {
  name: string
  make(sample: Sample, random: Random): QueryPair[]
}

type Params = Record<string, string | number>
type Make = (sample: Sample, random: Random) => Params

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']
const DIGITS = [...'0123456789']

/** Around the limit a shape is named for, so that few-valued shapes differ too. */
const about = (limit: number, random: Random) => Math.min(100, Math.max(1, limit - 2 + random.int(5)))
const broad: Make = ({ words }, random) => ({ query: random.pick(words.broad), limit: about(20, random) })
const word = ({ words }: Sample, random: Random) => random.pick(words.broad)
const letter: Make = (_, random) => ({ query: random.pick(LETTERS), limit: about(20, random) })
const capability = (random: Random) => random.pick(CAPABILITIES)
const twoCapabilities = (random: Random) =>
  `${random.pick(['attachment', 'reasoning'])},${random.pick(['tool_call', 'temperature', 'structured_output'])}`
const lowContext = (random: Random) => 1_000 + random.int(30_000)
const price = (random: Random) => (0.05 + random.next() * 5).toFixed(4)
const nameOf = ({ entries }: Sample, random: Random) => {
  const { name, id } = random.pick(entries)
  return name ?? id
}
const nonsense = (random: Random) => Array.from({ length: 7 }, () => random.pick([...'qxzjvwk'])).join('')

const MAKERS: Record<string, Make> = {
  'no filter, limit 1': () => ({ limit: 1 }),
  'no filter, limit 20': (_, random) => ({ limit: about(20, random) }),
  'no filter, limit 100': (_, random) => ({ limit: 95 + random.int(6) }),
  featured: (_, random) => ({ featured: 'true', limit: 1 + random.int(100) }),
  'featured, capability': (_, random) => ({
    featured: 'true',
    capabilities: capability(random),
    limit: 1 + random.int(100),
  }),
  provider: ({ providers }, random) => ({ provider: random.pick(providers) }),
  'provider, limit 100': ({ providers }, random) => ({ provider: random.pick(providers), limit: 100 }),
  'unknown provider': (_, random) => ({ provider: nonsense(random) }),
  'one capability': (_, random) => ({ capabilities: capability(random), limit: about(20, random) }),
  'two capabilities': (_, random) => ({ capabilities: twoCapabilities(random), limit: about(20, random) }),
  'all capabilities': (_, random) => ({ capabilities: CAPABILITIES.join(','), limit: 1 + random.int(100) }),
  'unknown capability': (_, random) => ({ capabilities: nonsense(random) }),
  'open weights': (_, random) => ({ open_weights: 'true', limit: 1 + random.int(100) }),
  'closed weights': (_, random) => ({ open_weights: 'false', limit: 1 + random.int(100) }),
  'least context, broad': (_, random) => ({ min_context: lowContext(random) }),
  'least context, narrow': (_, random) => ({ min_context: 1_000_001 + random.int(500_000) }),
  'most context': (_, random) => ({ max_context: 100_000 + random.int(500_000) }),
  'context band': (_, random) => ({
    min_context: 100_000 + random.int(50_000),
    max_context: 200_000 + random.int(50_000),
  }),
  'least price': (_, random) => ({ min_price: price(random) }),
  'most price': (_, random) => ({ max_price: (5 + random.next() * 100).toFixed(4) }),
  'price band, narrow': (_, random) => {
    const low = 0.1 + random.next() * 5
    return { min_price: low.toFixed(4), max_price: (low * 1.1).toFixed(4) }
  },
  'free only': (_, random) => ({ max_price: 0, limit: 1 + random.int(100) }),
  'context and price': (_, random) => ({ min_context: lowContext(random), max_price: price(random) }),
  'context and capability': (_, random) => ({
    min_context: lowContext(random),
    capabilities: capability(random),
  }),
  'price, capability, weights': (_, random) => ({
    max_price: price(random),
    capabilities: capability(random),
    open_weights: 'true',
  }),
  'price and open weights': (_, random) => ({ min_price: price(random), open_weights: 'true' }),
  'provider and capability': ({ providers }, random) => ({
    provider: random.pick(providers),
    capabilities: capability(random),
  }),
  'provider and ranges': ({ providers }, random) => ({
    provider: random.pick(providers),
    min_context: lowContext(random),
    max_price: price(random),
  }),
  'every filter': ({ providers }, random) => ({
    provider: random.pick(providers),
    capabilities: capability(random),
    open_weights: 'true',
    min_context: lowContext(random),
    max_context: 10_000_000,
    min_price: 0,
    max_price: price(random),
  }),
  'ranges nothing is in': (_, random) => ({
    min_context: 3_000_000_000 + random.int(1e9),
    min_price: price(random),
  }),
  'one letter': letter,
  'one letter, limit 100': (sample, random) => ({ ...letter(sample, random), limit: 95 + random.int(6) }),
  'one digit': (_, random) => ({ query: random.pick(DIGITS), limit: 1 + random.int(100) }),
  'two letters': ({ words }, random) => ({
    query: random.pick(words.middle).slice(0, 2),
    limit: about(20, random),
  }),
  'a letter and a digit': (_, random) => ({
    query: `${random.pick([...'okvr'])}${random.pick(DIGITS)}`,
    limit: about(20, random),
  }),
  'a sign': (_, random) => ({ query: random.pick([...'-./:_']), limit: 1 + random.int(100) }),
  'two one-letter terms': (_, random) => ({ query: `${random.pick(LETTERS)} ${random.pick(LETTERS)}` }),
  'broad word': broad,
  'broad word, limit 1': ({ words }, random) => ({ query: random.pick(words.broad), limit: 1 }),
  'broad word, limit 100': (sample, random) => ({ ...broad(sample, random), limit: 95 + random.int(6) }),
  'middling word': ({ words }, random) => ({ query: random.pick(words.middle) }),
  'rare word': ({ words }, random) => ({ query: random.pick(words.rare) }),
  'three letters typed': ({ words }, random) => ({
    query: random.pick(words.middle).slice(0, 3),
    limit: about(20, random),
  }),
  'two broad words': (sample, random) => ({ query: `${word(sample, random)} ${word(sample, random)}` }),
  'broad and rare word': (sample, random) => ({
    query: `${word(sample, random)} ${random.pick(sample.words.rare)}`,
  }),
  'three words of a name': (sample, random) => ({
    query: nameOf(sample, random).split(' ').slice(0, 3).join(' '),
  }),
  'broad word and one letter': (sample, random) => ({
    query: `${word(sample, random)} ${random.pick(LETTERS)}`,
  }),
  'a version': (_, random) => ({ query: `${1 + random.int(9)}.${random.int(10)}`, limit: about(20, random) }),
  'broad word and version': (sample, random) => ({
    query: `${word(sample, random)} ${1 + random.int(9)}.${random.int(10)}`,
  }),
  'joined spelling': ({ entries }, random) => ({
    query: lastSegment(random.pick(entries).id).replaceAll(/[^\p{L}\p{N}]/gu, ''),
  }),
  'whole id': ({ entries }, random) => ({ query: random.pick(entries).id }),
  'whole name': (sample, random) => ({ query: nameOf(sample, random) }),
  'no match': (_, random) => ({ query: nonsense(random) }),
  'a broad word and no match': (sample, random) => ({ query: `${word(sample, random)} ${nonsense(random)}` }),
  'broad word, provider': (sample, random) => ({
    ...broad(sample, random),
    provider: random.pick(sample.providers),
  }),
  'broad word, capability': (sample, random) => ({
    ...broad(sample, random),
    capabilities: capability(random),
  }),
  'broad word, ranges': (sample, random) => ({
    ...broad(sample, random),
    min_context: lowContext(random),
    max_price: price(random),
  }),
  'one letter, provider': (sample, random) => ({
    ...letter(sample, random),
    provider: random.pick(sample.providers),
  }),
  'one letter, ranges': (sample, random) => ({
    ...letter(sample, random),
    min_context: lowContext(random),
    max_price: price(random),
  }),
  'a long query': (sample, random) => ({
    query: Array.from({ length: 12 }, () => nameOf(sample, random))
      .join(' ')
      .slice(0, 250),
  }),
}

export const SHAPES: readonly Shape[] = Object.entries(MAKERS).map(([name, make]) => ({
  name,
  make: (sample, random) =>
    Object.entries(make(sample, random)).map(([key, value]): QueryPair => [key, String(value)]),
}))
