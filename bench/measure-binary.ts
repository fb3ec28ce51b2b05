import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Prints the size of the single binary, and the time to its first answer in an empty folder and later, beside that of the
 * sources in the same rounds, and the CPU that it took. Each figure is that of the fastest run: what else the machine does can only slow it down.
 * The budgets stand beside them.
 */
const ROUNDS = 7
const ROOT = join(import.meta.dirname, '..')
const BINARY = join(ROOT, 'dist/modeldex')
const LIST = '/api/v1/inference/catalog?query=claude'
const TOKEN = 'measure'
const MS_PER_TICK = 10

const programs: Record<string, string[]> = {
  binary: [BINARY],
  sources: [process.execPath, join(ROOT, 'src/bin.js')],
}

interface Start {
  /** From the start of the process to the end of its first answer, in ms. */
  ms: number
  /** That the process took meanwhile on all cores, in ms; Linux only. */
  cpuMs: number
}
const first: Record<string, Start[]> = {}
const later: Record<string, Start[]> = {}

for (let round = 0; round < ROUNDS; round++) {
  for (const [name, command] of Object.entries(programs)) {
    const folder = mkdtempSync(join(tmpdir(), 'modeldex-measure-'))
    try {
      first[name] = [...(first[name] ?? []), await start(command, folder)]
      later[name] = [...(later[name] ?? []), await start(command, folder)]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
print('size', `${(statSync(BINARY).size / 1e6).toFixed(1)} MB`, '', 'at most 120 MB')
print('first answer of a first start', ...shown(first), 'within 2,000 ms')
print('first answer of later starts', ...shown(later), 'within 500 ms')

async function start([command = '', ...args]: string[], cwd: string): Promise<Start> {
  const started = performance.now()
  const child = spawn(command, [...args, 'serve', '--port', '0'], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { MODELDEX_TOKEN: TOKEN },
  })
  const closed = once(child, 'close')
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        const found = /http:\/\/[\d.:]+/.exec(data.toString())?.[0]
        if (found !== undefined) resolve(found)
      })
      child.once('exit', () => reject(new Error(`${command} ended before it listened`)))
    })
    const answer = await fetch(url + LIST, { headers: { authorization: `Bearer ${TOKEN}` } })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
    return { ms: performance.now() - started, cpuMs: cpuMsOf(child.pid) }
  } finally {
    child.kill()
    await closed
  }
}

function cpuMsOf(pid: number | undefined): number {
  // After the name, which may hold anything, the 12th and 13th field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}

function shown({ binary = [], sources = [] }: Record<string, Start[]>): [string, string] {
  const fastest = (starts: Start[], of: keyof Start) =>
    Math.min(...starts.map((start) => start[of])).toFixed(0)
  const text = (starts: Start[]) => `${fastest(starts, 'ms')} ms, CPU ${fastest(starts, 'cpuMs')} ms`
  return [text(binary), `sources: ${text(sources)}`]
}

function print(what: string, figure: string, beside: string, budget: string): void {
  process.stdout.write(`${what.padEnd(34)}${figure.padStart(20)}   ${beside.padEnd(31)}${budget}\n`)
}
