import { Command } from 'commander'
import { UsageError } from '../errors.ts'
import type { IngestReport } from '../ingest/ingest.ts'
import { counted, grouped } from './counts.ts'
import { fetchLimits } from './fetch-limits.ts'
import { addSettings, configOf } from './settings.ts'

const SETTINGS_USED = ['db', 'overlay', 'allowShrink', 'allowInvalid', 'fetchTimeout', 'fetchLimit'] as const

export function ingestCommand(): Command {
  return addSettings(new Command('ingest'), SETTINGS_USED)
    .description('load a catalog into the file: all of it, or on any failure nothing')
    .option('--from <source>', 'seed, a file, or a URL (default: MODELDEX_SOURCE, else seed)')
    .action(async ({ from }: { from?: string }, command: Command) => {
      const { config } = configOf(command)
      if (config.follow !== undefined) {
        throw new UsageError(
          'MODELDEX_FOLLOW: what follows another modeldex takes its catalog from there alone',
        )
      }
      // Loaded here, so that no other command waits for what only an ingest needs.
      const { refresh } = await import('../ingest/refresh.ts')
      const progress = progressLine(process.stderr)
      try {
        const report = await refresh({
          db: config.db,
          from: from ?? config.source,
          allowShrink: config.allowShrink,
          allowInvalid: config.allowInvalid,
          overlay: config.overlay,
          limits: fetchLimits(config),
          onProgress: progress.show,
        })
        progress.clear()
        for (const { path, reason } of report.setAside)
          process.stderr.write(`set aside: ${path}: ${reason}\n`)
        for (const { what, why } of report.overlayNotices) process.stderr.write(`overlay: ${what}: ${why}\n`)
        process.stdout.write(summary(report, config.db))
      } finally {
        progress.clear()
      }
    })
}

/** One line that is written over and over, on a terminal only. */
function progressLine(stream: NodeJS.WriteStream) {
  let isShown = false
  return {
    show(done: number, total: number) {
      if (!stream.isTTY) return
      isShown = true
      stream.write(`\r\x1b[KWriting models: ${grouped(done)} of ${grouped(total)}`)
    },
    clear() {
      if (isShown) stream.write('\r\x1b[K')
      isShown = false
    },
  }
}

function summary(report: IngestReport, file: string): string {
  const { models, providers, source, seconds, added, removed, returned, renamed, changed, setAside } = report
  const counts = {
    added,
    removed,
    ...(returned > 0 && { returned }),
    ...(renamed > 0 && { renamed }),
    changed,
    'set aside': setAside.length,
  }
  const changes = Object.entries(counts).map(([what, count]) => `${what} ${grouped(count)}`)
  return [
    `${file}: ${counted(models, 'model')} of ${counted(providers, 'provider')} from ${source}, ${seconds.toFixed(2)} s`,
    `${changes.join(', ')}${report.unchanged ? ' (the same catalog again)' : ''}`,
    `version ${report.version}\n`,
  ].join('\n')
}
