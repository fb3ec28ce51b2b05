import { Command } from 'commander'
import type { QueryPair } from '../catalog/params.ts'
import { AppError, UsageError } from '../errors.ts'
import type { ToldChange } from '../history/changes.ts'
import { readFile } from './read-file.ts'
import { addSettings, configOf } from './settings.ts'
import { shownTime, shownValue, tableOf } from './table.ts'

export function changesCommand(): Command {
  return addSettings(new Command('changes'), ['db'])
    .description('tell what changed in the catalog, the newest first')
    .option('--since <date>', 'from this day or instant on')
    .option('--until <date>', 'up to this day or instant')
    .option('--provider <provider>', "a provider's")
    .option('--model <id>', "a model's, with its provider or without")
    .option('--field <field>', 'of one field such as status or cost.input, or of all in cost')
    .option('--kind <kind>', 'only what was added, removed, returned, renamed or changed')
    .option('--limit <number>', 'most to tell, 1 to 100 (default: 20)')
    .option('--json', 'as JSON')
    .action(async (_options: object, command: Command) => {
      const { json, db: _, ...parameters } = command.opts<Record<string, string | true>>()
      const pairs = Object.entries(parameters).map(([name, value]): QueryPair => [name, String(value)])
      const { config } = configOf(command)
      // Loaded here, so that no other command waits for it.
      const { listChanges } = await import('../history/changes.ts')
      const { parseChangesQuery } = await import('../history/params.ts')
      const query = usedRightly(() => parseChangesQuery(pairs))
      const { changes, nextCursor } = await readFile(config.db, (db) => listChanges(db, query))
      const told = changes.map(({ number: _, ...change }) => change)
      process.stdout.write(json ? `${JSON.stringify(told, null, 2)}\n` : tableOf(told.map(rowOf)))
      if (nextCursor !== null) process.stderr.write('There are older ones: see --limit, --until\n')
    })
}

function rowOf({ at, kind, id, field, before, after }: ToldChange): string[] {
  if (kind === 'changed')
    return [shownTime(at), id, field ?? '', `${shownValue(before)} → ${shownValue(after)}`]
  return [shownTime(at), id, kind, kind === 'renamed' ? `was ${shownValue(before)}` : '']
}

/** A fault in an option is one of whoever called the program. */
function usedRightly<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof AppError) throw new UsageError(error.message, { cause: error })
    throw error
  }
}
