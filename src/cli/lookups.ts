import { SETTINGS } from '../config.ts'
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
        { flag: '--featured', meaning: 'popular models, where no words are given' },
        { flag: '--limit <number>', meaning: 'most to show (default: 20)' },
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
])
