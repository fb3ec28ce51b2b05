import { Command } from 'commander'
import type { SnapshotDiff } from '../snapshot/diff.ts'
import type { Manifest } from '../snapshot/manifest.ts'
import { counted, grouped } from './counts.ts'
import { addSettings, configOf } from './settings.ts'
import { shownValue, tableOf } from './table.ts'

const BYTES_PER_MB = 1_000_000

export function snapshotCommand(): Command {
  return new Command('snapshot')
    .description('immutable, checked copies of a catalog')
    .addCommand(exportCommand())
    .addCommand(verifyCommand())
    .addCommand(diffCommand())
}

function exportCommand(): Command {
  return addSettings(new Command('export'), ['db'])
    .description('write the catalog as one file that never changes, its manifest beside it')
    .argument('<file>', 'where to; the manifest becomes FILE.json')
    .option('--no-history', 'leave out what the catalog was before')
    .option('--force', 'replace a snapshot that stands there')
    .action(async (file: string, { history, force = false }: ExportOptions, command: Command) => {
      const { config } = configOf(command)
      // Loaded here, so that no other command waits for it.
      const { writeSnapshot } = await import('../snapshot/write.ts')
      const manifest = await writeSnapshot({ db: config.db, file, history, force })
      process.stdout.write(summary(file, manifest))
    })
}

interface ExportOptions {
  history: boolean
  force?: boolean
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('check that a snapshot is what its manifest says')
    .argument('<file>', 'the snapshot; its manifest is FILE.json')
    .action(async (file: string) => {
      const { verifySnapshot } = await import('../snapshot/verify.ts')
      process.stdout.write(`verified ${summary(file, await verifySnapshot(file))}`)
    })
}

function diffCommand(): Command {
  return new Command('diff')
    .description('tell what changed from one catalog file to another')
    .argument('<old>', 'a snapshot, or any catalog file')
    .argument('<new>', 'another one')
    .option('--json', 'as JSON')
    .action(async (from: string, to: string, { json }: { json?: true }) => {
      const { diffSnapshots } = await import('../snapshot/diff.ts')
      const diff = diffSnapshots(from, to)
      process.stdout.write(json ? `${JSON.stringify(diff, null, 2)}\n` : shownDiff(diff))
    })
}

function summary(file: string, manifest: Manifest): string {
  const { version, fetched_at, providers, models, states, changes, bytes, sha256 } = manifest
  return [
    `${file}: ${counted(models, 'model')} of ${counted(providers, 'provider')}, fetched ${fetched_at}`,
    `${counted(changes, 'change')} in ${counted(states, 'state')}, ${(bytes / BYTES_PER_MB).toFixed(1)} MB`,
    `version ${version}`,
    `sha256 ${sha256}\n`,
  ].join('\n')
}

function shownDiff({ from, to, counts, changes }: SnapshotDiff): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${grouped(count)}`)
  const head = [
    `from ${from.version}, ${counted(from.models, 'model')}, fetched ${from.fetched_at}`,
    `to   ${to.version}, ${counted(to.models, 'model')}, fetched ${to.fetched_at}`,
    parts.length > 0 ? `models: ${parts.join(', ')}` : 'no model differs',
  ]
  return `${head.join('\n')}\n${tableOf(changes.map(rowOf))}`
}

function rowOf({ kind, id, field, before, after }: SnapshotDiff['changes'][number]): string[] {
  if (kind === 'changed') return [id, field ?? '', `${shownValue(before)} → ${shownValue(after)}`]
  return [id, kind, kind === 'renamed' ? `was ${shownValue(before)}` : '']
}
