import { runCli } from './cli/program.ts'

// No top-level await: the single binary is bundled as a script.
void runCli(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode
})
