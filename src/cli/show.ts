import type { z } from 'zod'
import type { furtherDetailSchema } from '../formats/full-detail.ts'
import { shownPrice, shownTokens, UNKNOWN } from './amounts.ts'
import { grouped } from './counts.ts'
import { type CatalogEntry, shownFlag, shownLimit, shownWords } from './entry.ts'
import type { Given } from './lookup.ts'
import { splitId } from './model-argument.ts'
import { catalogFile } from './option-values.ts'
import { print, printJson } from './output.ts'
import { readFile } from './read-file.ts'
import { fittedTable, type Row, shownValue } from './table.ts'

type Detail = CatalogEntry & z.infer<typeof furtherDetailSchema>

/** To this width what is told may be cut. */
const LEAST_WIDTH = 24
const PARTY = { maker: 'its maker', host: 'a well-known host', other: 'another provider' }

export async function show(given: Given): Promise<void> {
  const [provider, modelId] = splitId(given.words[0] ?? '')
  const { fullDetail } = await import('../formats/full-detail.ts')
  const text = await readFile(catalogFile(given), (db) => fullDetail(db, provider, modelId))
  const detail: Detail = JSON.parse(text)
  if (given.options.json) printJson(detail)
  else print(tableOfDetail(detail))
}

function tableOfDetail(detail: Detail): string {
  const rows: [what: string, value: string | null, style?: Row['style']][] = [
    ['status', detail.status, detail.deprecated ? 'red' : undefined],
    ['description', detail.description],
    ...priceRows(detail),
    ['context', shownCount(detail.limits?.context)],
    ['most input', detail.token_limits?.input ? shownCount(detail.token_limits.input) : null],
    ['most output', shownCount(detail.limits?.output)],
    ['takes', shownWords(detail.modalities?.input)],
    ['gives', shownWords(detail.modalities?.output)],
    ['capabilities', shownWords(detail.capabilities)],
    ['reasoning', detail.reasoning_options && shownValue(detail.reasoning_options)],
    ['open weights', shownFlag(detail.open_weights)],
    ['knowledge', detail.knowledge ?? UNKNOWN],
    ['released', detail.release_date ?? UNKNOWN],
    ['last updated', detail.last_updated],
    ['family', detail.family],
    ['lab', detail.lab],
    ['offered by', PARTY[detail.party]],
    ['canonical id', detail.canonical_model_id],
    ['overlay', detail.overlay && shownWords(Object.keys(detail.overlay))],
  ]
  const told = rows.flatMap(([what, value, style]) =>
    value === null ? [] : [{ cells: [what, value], style }],
  )
  const columns = [{ title: '' }, { title: '', least: LEAST_WIDTH }]
  return (
    fittedTable(columns, [{ cells: [detail.id, detail.name ?? ''], style: 'bold' }]) +
    fittedTable(columns, told)
  )
}

/** A row for each kind of tokens, behind the usual price that of large requests. */
function priceRows({ prices, tiers }: Detail): [string, string][] {
  if (prices === null) return [['price', UNKNOWN]]
  const kinds = Object.keys(prices).filter((kind) => typeof prices[kind] === 'number')
  return kinds.map((kind) => {
    const inTiers = tiers.flatMap(({ size, prices: large }) => {
      const price = large[kind]
      return size === null || typeof price !== 'number'
        ? []
        : `above ${shownTokens(size)} ${shownPrice(price)}`
    })
    return [kind.replaceAll('_', ' '), [shownPrice(prices[kind]), ...inTiers].join(', ')]
  })
}

function shownCount(tokens: number | null | undefined): string {
  return tokens ? `${shownLimit(tokens)} (${grouped(tokens)} tokens)` : UNKNOWN
}
