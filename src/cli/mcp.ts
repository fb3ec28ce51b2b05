import { inspect } from 'node:util'
import { Command } from 'commander'
import { addSettings, configOf } from './settings.ts'

export function mcpCommand(version: string): Command {
  return addSettings(new Command('mcp'), ['db'])
    .description('offer the catalog as tools to an agent (MCP), over stdin and stdout')
    .action(async (_options: object, command: Command) => {
      const { config } = configOf(command)
      // Loaded here, so that no other command waits for it.
      const { openCatalog } = await import('../catalog/catalog.ts')
      const catalog = openCatalog(config.db)
      // An answer may still be on its way when stdin has ended.
      process.once('exit', () => catalog.close())
      // Asked at once: what is wrong with the file ends the program, and the agent's client shows why.
      catalog.summary()
      const { serveStdio } = await import('../mcp/stdio.ts')
      if (process.stdin.isTTY) process.stderr.write('modeldex: waiting for an MCP client on stdin\n')
      const reportFailure = (error: unknown) => report(inspect(error))
      await serveStdio({ catalog, reportFailure }, version, (error) => report(error.message))
    })
}

/** To stderr, for stdout is the protocol's. */
function report(what: string): void {
  process.stderr.write(`modeldex: ${what}\n`)
}
