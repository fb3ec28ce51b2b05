import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { openForReading, opening, withDatabase } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { addSettings, configOf } from './settings.ts'

export function overlayCommand(): Command {
  return new Command('overlay')
    .description('look at what an overlay changes')
    .addCommand(addSettings(checkCommand(), ['db']))
    .addCommand(addSettings(showCommand(), ['db']))
}

function checkCommand(): Command {
  return new Command('check')
    .description(
      'tell what is wrong with an overlay, and what it would do to the catalog; nothing is written',
    )
    .argument('<file>', 'the overlay, JSON or TOML')
    .action(async (file: string, _options: object, command: Command) => {
      const { db } = configOf(command).config
      const [{ readOverlay }, { checkOverlay }] = await Promise.all([
        import('../source/overlay-file.ts'),
        import('../ingest/check-overlay.ts'),
      ])
      const overlay = await readOverlay(file)
      const check = existsSync(db) ? checkOverlay(db, overlay) : undefined
      for (const warning of check?.warnings ?? []) process.stderr.write(`warning: ${warning}\n`)
      const effect =
        check === undefined
          ? `not held against a catalog: ${db} holds none`
          : `adds ${check.added}, changes ${check.changed}, takes out ${check.takenOut} of the models in ${db}`
      process.stdout.write(`${file}: well-formed; ${effect}\n`)
    })
}

function showCommand(): Command {
  return new Command('show')
    .description('show which fields of a model or provider the overlay decides')
    .argument('<id>', 'provider/model_id, or a provider')
    .action(async (id: string, _options: object, command: Command) => {
      const { db: file } = configOf(command).config
      const [{ isInCatalog, readOverlaid }, { peek }, { allFieldsOf }] = await Promise.all([
        import('../catalog/overlaid.ts'),
        import('../ingest/dataset.ts'),
        import('../ingest/merge-patch.ts'),
      ])
      const { overlaid, isThere } = opening(file, () =>
        withDatabase(openForReading(file), (db) => {
          if (peek(db, file) === undefined) throw new AppError('not_found', `${file} holds no catalog yet`)
          return { overlaid: readOverlaid(db, id), isThere: isInCatalog(db, id) }
        }),
      )
      if (overlaid === undefined) {
        if (!isThere) throw new AppError('not_found', `${file} has no ${id}`)
        process.stdout.write(`${id}: all of it is upstream's\n`)
        return
      }
      const { original, fields } = overlaid
      const sent = new Map(allFieldsOf(original ?? {}))
      const rows = [...fields].map(([field, value]) => [field, shown(value), shown(sent.get(field))])
      process.stdout.write(`${id}: ${stateOf(isThere, original !== undefined)}\n`)
      if (rows.length > 0) process.stdout.write(table([['field', 'overlay', 'upstream'], ...rows]))
    })
}

function stateOf(isThere: boolean, isUpstream: boolean): string {
  if (!isThere) return 'taken out by the overlay'
  return isUpstream ? 'changed by the overlay' : 'added by the overlay'
}

function shown(value: unknown): string {
  return value === undefined ? '-' : JSON.stringify(value)
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}
