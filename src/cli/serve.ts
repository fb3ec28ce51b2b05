import { Command } from 'commander'
import { isLoopback } from '../addresses.ts'
import { type Config, type ConfigAndSecrets, SECRETS } from '../config.ts'
import { optimizeSoon } from './optimizing.ts'
import type { Service } from './service.ts'
import { addSettings, configOf } from './settings.ts'

export function serveCommand(): Command {
  return addSettings(new Command('serve'))
    .description('serve the catalog over HTTP; makes and fills it where it is missing')
    .addHelpText('after', `\nTokens brought along, without a flag: ${Object.values(SECRETS).join(', ')}`)
    .action(async (_options: object, self: Command) => serve(configOf(self)))
}

async function serve({ config, secrets }: ConfigAndSecrets): Promise<void> {
  if (config.workers > 1) return serveByWorkers({ config, secrets })
  const stopped = stopSignal()
  // Loaded here, so that no other command waits for what only a server needs.
  const { startService } = await import('./service.ts')
  const service = await startService(config, secrets)
  optimizeSoon()
  process.stdout.write(`${greeting(service, config)}\n`)
  await stopped
  await service.stop()
}

/** A worker is started by the same command line as the primary process. */
async function serveByWorkers({ config, secrets }: ConfigAndSecrets): Promise<void> {
  const { default: cluster } = await import('node:cluster')
  if (cluster.isWorker) {
    const { serveAsWorker } = await import('./worker.ts')
    return serveAsWorker({ config, secrets })
  }
  const stopped = stopSignal()
  const { startPrimary } = await import('./primary.ts')
  const service = await startPrimary({ config, secrets })
  process.stdout.write(`${greeting(service, config)}\n`)
  try {
    await Promise.race([stopped, service.lost])
  } finally {
    await service.stop()
  }
}

/** Resolves at the first request to stop; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  return promise
}

/** What a person needs to go on: where it listens, what it holds, and a line to paste. */
function greeting({ url, dataset, newToken }: Service, config: Config): string {
  const lines = [
    `modeldex listens on ${url}`,
    `Catalog: ${dataset.models} models of ${dataset.providers} providers, version ${dataset.version} (${config.db})`,
  ]
  if (newToken !== undefined) {
    lines.push(`Token (shown this once): ${newToken}`)
    lines.push(`In a browser, signed in: ${url}/#token=${newToken}`)
  }
  const request = `'${url}/api/v1/inference/catalog?query=claude&limit=3'`
  if (config.noAuth) {
    if (!isLoopback(config.host)) lines.push('Authentication is off: everyone who can reach this may read')
    lines.push('', `  curl ${request}`)
  } else if (newToken !== undefined) {
    lines.push('', `  curl -H 'Authorization: Bearer ${newToken}' ${request}`)
  } else {
    const file = config.tokensFile === 'data/tokens.json' ? '' : ` --tokens-file '${config.tokensFile}'`
    lines.push(`Another token: modeldex token create NAME${file}`, '')
    lines.push(`  curl -H "Authorization: Bearer $MODELDEX_TOKEN" ${request}`)
  }
  return lines.join('\n')
}
