import { Command } from 'commander'
import { AppError, UsageError } from '../errors.ts'
import type { ModelHistory } from '../history/model.ts'
import { readFile } from './read-file.ts'
import { addSettings, configOf } from './settings.ts'
import { shownTime, shownValue, tableOf } from './table.ts'

export function historyCommand(): Command {
  return addSettings(new Command('history'), ['db'])
    .description("tell how a model's prices, limits and status came to be")
    .argument('<id>', 'the model, as provider/model_id')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { json?: true }, command: Command) => {
      const { config } = configOf(command)
      const slash = id.indexOf('/')
      if (slash < 1) throw new UsageError(`${JSON.stringify(id)} is no model: write provider/model_id`)
      // Loaded here, so that no other command waits for it.
      const { modelHistory } = await import('../history/model.ts')
      const found = await readFile(config.db, (db) =>
        modelHistory(db, id.slice(0, slash), id.slice(slash + 1)),
      )
      if (found === undefined) throw new AppError('not_found', `no model ${id} is or was in the catalog`)
      process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : textOf(found))
    })
}

/** Prices in USD per 1M tokens, limits in tokens: a column for each kind that the model ever had. */
function textOf({ id, name, history }: ModelHistory): string {
  const prices = kindsIn(
    history.map(({ cost }) => cost),
    ['input', 'output'],
  )
  const limits = kindsIn(
    history.map((point) => point.limits),
    ['context', 'input', 'output'],
  )
  const rows = history.map((point) => [
    shownTime(point.from),
    point.kind,
    ...prices.map((kind) => cellOf(point.cost, kind)),
    ...limits.map((kind) => cellOf(point.limits, kind)),
    point.status === null ? '' : shownValue(point.status),
  ])
  const limitNames = limits.map((kind) => `${kind} limit`)
  const head = ['from', 'what', ...prices, ...limitNames, 'status'].map((name) => name.toUpperCase())
  return `${id}${name === null ? '' : `  ${shownValue(name)}`}\n${tableOf([head, ...rows])}`
}

/** The kinds of numbers in objects, some first and the others by name. Tiers are for `--json`. */
function kindsIn(objects: readonly unknown[], first: readonly string[]): string[] {
  const kinds = new Set(
    objects.flatMap((object) =>
      Object.entries(object ?? {}).flatMap(([kind, value]) => (typeof value === 'number' ? [kind] : [])),
    ),
  )
  return [...new Set([...first, ...[...kinds].sort()])].filter((kind) => kinds.has(kind))
}

function cellOf(object: unknown, kind: string): string {
  const value = new Map(Object.entries(object ?? {})).get(kind)
  return value === undefined ? '' : shownValue(value)
}
