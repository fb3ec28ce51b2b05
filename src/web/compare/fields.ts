import { count, date, UNKNOWN, words } from '../format.ts'
import type { FullModel } from '../model-wire.ts'
import { exactPrice, openness, reasoningText, tiersText } from '../model-words.ts'
import { CAPABILITIES } from '../vocabulary.ts'
import type { Better } from './best.ts'

/** A row of the comparison. */
export interface Field {
  title: string
  text: (model: FullModel) => string
  /** The figure behind the text, where one is better than another; null is unknown. */
  figure?: (model: FullModel) => number | null | undefined
  better?: Better
}

export interface FieldGroup {
  title: string
  fields: readonly Field[]
}

/** The usual kinds of price, as people order them. */
const PRICE_KINDS = [
  'input',
  'output',
  'cache_read',
  'cache_write',
  'reasoning',
  'input_audio',
  'output_audio',
] as const

export const FIELD_GROUPS: readonly FieldGroup[] = [
  {
    title: 'USD per 1M tokens',
    fields: [
      ...PRICE_KINDS.map(priceField),
      { title: 'Larger requests', text: (model) => tiersText(model) ?? UNKNOWN },
    ],
  },
  {
    title: 'Tokens',
    fields: [
      limitField('context', 'Context window'),
      limitField('input', 'Longest prompt'),
      limitField('output', 'Longest answer'),
    ],
  },
  {
    title: 'Abilities',
    fields: [
      ...CAPABILITIES.map((name) => ({
        title: sentence(words(name)),
        text: ({ capabilities }: FullModel) => (capabilities.includes(name) ? 'yes' : UNKNOWN),
      })),
      { title: 'Reasoning options', text: (model) => reasoningText(model) ?? UNKNOWN },
      { title: 'Takes', text: ({ modalities }) => modalities?.input.join(', ') || UNKNOWN },
      { title: 'Gives', text: ({ modalities }) => modalities?.output.join(', ') || UNKNOWN },
    ],
  },
  {
    title: 'About',
    fields: [
      { title: 'Provider', text: ({ provider }) => provider },
      { title: 'Lab', text: ({ lab }) => lab },
      { title: 'Family', text: ({ family }) => family ?? UNKNOWN },
      { title: 'Weights', text: (model) => openness(model) ?? UNKNOWN },
      { title: 'Released', text: (model) => date(model.release_date) },
      { title: 'Knowledge until', text: ({ knowledge }) => date(knowledge) },
      { title: 'Status', text: ({ status }) => status ?? 'in service' },
    ],
  },
]

function priceField(kind: string): Field {
  const figure = ({ prices }: FullModel) => {
    const price = prices?.[kind]
    // A negative one stands for a price that varies.
    return typeof price === 'number' && price >= 0 ? price : null
  }
  return {
    title: sentence(words(kind)),
    text: ({ prices }) => exactPrice(prices?.[kind]),
    figure,
    better: 'lower',
  }
}

function limitField(name: string, title: string): Field {
  // 0 stands for a limit that nobody states.
  const figure = ({ token_limits: limits }: FullModel) => limits?.[name] || null
  const text = (model: FullModel) => {
    const limit = figure(model)
    return limit === null ? UNKNOWN : count(limit)
  }
  return { title, text, figure, better: 'higher' }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
