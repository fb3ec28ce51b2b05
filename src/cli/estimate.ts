import { estimateModel } from '../catalog/estimate.ts'
import type { Estimate } from '../catalog/estimate-answer.ts'
import { parseEstimateQuery } from '../catalog/estimate-params.ts'
import { shownTokens, shownUsd } from './amounts.ts'
import { grouped } from './counts.ts'
import type { Given } from './lookup.ts'
import { catalogFile, parameterPairs, usedRightly } from './option-values.ts'
import { note, print, printJson } from './output.ts'
import { readFile } from './read-file.ts'
import { fittedTable } from './table.ts'

/** What the options are called on the route. */
const PARAMETERS = {
  input: 'input_tokens',
  output: 'output_tokens',
  'cache-read': 'cache_read_tokens',
  'cache-write': 'cache_write_tokens',
  reasoning: 'reasoning_tokens',
  'input-audio': 'input_audio_tokens',
  'output-audio': 'output_audio_tokens',
  requests: 'requests',
}

export async function estimate(given: Given): Promise<void> {
  const pairs = parameterPairs(given, PARAMETERS)
  const asked = usedRightly(PARAMETERS, () => parseEstimateQuery([['id', given.words[0] ?? ''], ...pairs]))
  const answer = await readFile(catalogFile(given), (db) => estimateModel(db, asked))
  if (given.options.json) printJson(answer)
  else print(tableOfLines(answer))
  if (given.options.json) return
  for (const line of [...answer.assumptions, ...answer.warnings]) note(`note: ${line}`)
}

function tableOfLines({ id, tier, lines, usd_per_request, requests, usd_total }: Estimate): string {
  const rows = lines.map(({ kind, tokens, usd_per_mtok, usd }) => ({
    cells: [kind.replaceAll('_', ' '), grouped(tokens), shownUsd(usd_per_mtok), shownUsd(usd)],
  }))
  const prices = tier === null ? 'PER 1M' : `PER 1M ABOVE ${shownTokens(tier.size)}`
  const total = { cells: ['a request', '', '', shownUsd(usd_per_request)], style: 'bold' as const }
  const all = {
    cells: [`${grouped(requests)} requests`, '', '', shownUsd(usd_total)],
    style: 'bold' as const,
  }
  return fittedTable(
    [
      { title: id, least: 16 },
      { title: 'TOKENS', align: 'right' },
      { title: prices, align: 'right' },
      { title: 'USD', align: 'right' },
    ],
    [...rows, total, ...(requests > 1 ? [all] : [])],
  )
}
