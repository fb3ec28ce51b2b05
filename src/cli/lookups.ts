import { SETTINGS } from '../config.ts'
import { EXPORT_FORMATS, SORTS } from './choices.ts'
import type { Lookup, LookupOption } from './lookup.ts'

const JSON_OPTION: LookupOption = { flag: '--json', meaning: 'as JSON' }
const DB_OPTION: LookupOption = {
  flag: SETTINGS.db[0],
  meaning: `${SETTINGS.db[2]} (${SETTINGS.db[1]}, default data/catalog.db)`,
}
const ID = '<id>'
const MODEL = 'the model, as provider/model_id'

export const LOOKUPS: ReadonlyMap<string, Lookup> = new Map([
  [
    'search',
    {
      description: 'find models by text and by what they are',
      argument: ['[query...]', 'words of an id or a name'],
      options: [
        { flag: '--provider <provider>', meaning: "only this provider's" },
        {
          flag: '--capability <capability>',
          meaning: 'only those that have it; may be repeated',
          repeats: true,
        },
        { flag: '--open-weights', meaning: 'only open weights' },
        { flag: '--min-context <tokens>', meaning: 'context window of at least' },
        { flag: '--max-context <tokens>', meaning: 'context window of at most' },
        {
          flag: '--min-price <usd>',
          meaning: 'higher of input and output price of at least, USD per 1M tokens',
        },
        { flag: '--max-price <usd>', meaning: 'higher of input and output price of at most' },
        { flag: '--family <family>', meaning: 'only this family' },
        { flag: '--status <status>', meaning: 'only alpha, beta or deprecated, or none of them: none' },
        {
          flag: '--input-modality <modality>',
          meaning: 'only those that take it; may be repeated',
          repeats: true,
        },
        {
          flag: '--output-modality <modality>',
          meaning: 'only those that give it; may be repeated',
          repeats: true,
        },
        { flag: '--released-after <date>', meaning: 'released in this year, month or day, or later' },
        { flag: '--featured', meaning: 'popular models, where no words are given' },
        { flag: '--sort <key>', meaning: 'in which order (default: relevance)', choices: SORTS },
        { flag: '--limit <number>', meaning: 'most to show (default: 20)' },
        { flag: '--offset <number>', meaning: 'how many to skip (default: 0)' },
        JSON_OPTION,
        DB_OPTION,
      ],
      load: async () => (await import('./search.ts')).search,
    },
  ],
  [
    'show',
    {
      description: 'tell all about one model',
      argument: [ID, MODEL],
      options: [JSON_OPTION, DB_OPTION],
      load: async () => (await import('./show.ts')).show,
    },
  ],
  [
    'compare',
    {
      description: 'put models side by side',
      argument: ['<id...>', 'the models, each as provider/model_id'],
      options: [JSON_OPTION, DB_OPTION],
      load: async () => (await import('./compare.ts')).compare,
    },
  ],
  [
    'providers',
    {
      description: 'tell who serves models, and what it takes to use them',
      argument: ['[query...]', 'a part of an id or a name'],
      options: [JSON_OPTION, DB_OPTION],
      load: async () => (await import('./providers.ts')).providers,
    },
  ],
  [
    'export',
    {
      description: "write the whole catalog in another tool's format",
      options: [{ flag: '--format <format>', meaning: 'which one', choices: EXPORT_FORMATS }, DB_OPTION],
      load: async () => (await import('./export.ts')).exportCatalog,
    },
  ],
  [
    'resolve',
    {
      description: 'tell which models an id means, however it is spelt',
      argument: ['<id>', "a model's id as any tool, seller or map spells it"],
      options: [
        { flag: '--provider <provider>', meaning: "only this provider's" },
        { flag: '--limit <number>', meaning: 'most to show, 1 to 100 (default: 20)' },
        JSON_OPTION,
        DB_OPTION,
      ],
      load: async () => (await import('./resolve.ts')).resolve,
    },
  ],
  [
    'estimate',
    {
      description: 'tell what requests to a model cost, in exact decimals',
      argument: [ID, MODEL],
      options: [
        { flag: '--input <tokens>', meaning: 'of the prompt, but for those counted below' },
        { flag: '--output <tokens>', meaning: 'of the answer, but for those counted below' },
        { flag: '--cache-read <tokens>', meaning: 'of the prompt, read from a cache' },
        { flag: '--cache-write <tokens>', meaning: 'of the prompt, written to a cache' },
        { flag: '--reasoning <tokens>', meaning: 'of the answer, thought' },
        { flag: '--input-audio <tokens>', meaning: 'of the prompt, heard' },
        { flag: '--output-audio <tokens>', meaning: 'of the answer, spoken' },
        { flag: '--requests <number>', meaning: 'how many requests of this size (default: 1)' },
        JSON_OPTION,
        DB_OPTION,
      ],
      load: async () => (await import('./estimate.ts')).estimate,
    },
  ],
])

/** Asked for by a shell while someone types. */
export const COMPLETE: Lookup = {
  description: 'list ids that begin so',
  argument: ['<words...>', 'models or providers, and how the id begins'],
  options: [DB_OPTION],
  load: async () => (await import('./complete.ts')).complete,
}
