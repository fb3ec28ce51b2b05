import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
/** In turn, so that what else the machine does hits all alike. */
const ROUNDS = 40
/** Linux counts CPU in these, ms. */
const TICK_MS = 10

export interface Start {
  what: string
  /** Of a whole process: the median by the clock, the mean of its CPU. In ms. */
  clockMs: number
  cpuMs: number
}

/** Starts of one look-up, in a checkout and as the package has it, and first of Node alone. */
export function measureStarts(db: string, folder: string): Start[] {
  const search = ['search', 'opus', '--db', db]
  const commands: [what: string, args: string[]][] = [
    ['node -e 0', ['-e', '0']],
    ['modeldex search, package', [join(packageFolder(folder), 'src/bin.js'), ...search]],
    ['modeldex search, checkout', [join(ROOT, 'src/bin.js'), ...search]],
  ]
  const starts = commands.map(([what, args]) => ({ what, args, clocks: [] as number[], cpuMs: 0 }))
  // The first round fills Node's compile cache.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const start of starts) {
      const [began, cpu] = [performance.now(), cpuOfChildrenMs()]
      const { status } = spawnSync(process.execPath, start.args, { stdio: ['ignore', 'pipe', 'ignore'] })
      if (status !== 0) throw new Error(`${start.what} ended with ${status}`)
      if (round === 0) continue
      start.clocks.push(performance.now() - began)
      start.cpuMs += (cpuOfChildrenMs() - cpu) / ROUNDS
    }
  }
  return starts.map(({ what, clocks, cpuMs }) => ({
    what,
    clockMs: clocks.toSorted((a, b) => a - b)[ROUNDS / 2] ?? Number.NaN,
    cpuMs,
  }))
}

/** What an installed package holds, but for the sources that make a checkout one. */
function packageFolder(folder: string): string {
  const dir = join(folder, 'package')
  execFileSync(process.execPath, [join(ROOT, 'deploy/build.ts')])
  mkdirSync(join(dir, 'src'), { recursive: true })
  for (const name of ['src/bin.js', 'dist', 'package.json']) {
    cpSync(join(ROOT, name), join(dir, name), { recursive: true })
  }
  for (const name of ['migrations', 'seed', 'node_modules']) symlinkSync(join(ROOT, name), join(dir, name))
  return dir
}

function cpuOfChildrenMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS
}
