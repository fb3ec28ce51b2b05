// Does the oracle notice when the service drops a rule? Each mutation is made in a copy of the project, and the oracle's
// test must fail there: first with few cases, and with the full number where those do not notice.
//   node test/oracle/mutations.ts [--only TEXT]... [--runs N]     (ORACLE_SEED repeats a run)
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Mutation, mutations } from './mutations-list.ts'
import { rottenMutations } from './rotten-mutations.ts'

const root = join(import.meta.dirname, '../..')
const parts = ['src', 'seed', 'migrations', 'test', 'package.json', 'tsconfig.json']
const fewRuns = 60
const mostAtOnce = 2
const timeoutMs = 240_000
/** What a test says of a service that no longer works: not to be mistaken for another answer. */
const crashed = /got 500 .*|fetch failed.*|timed out.*/

/** What a run of the oracle's test says: null when it passes. */
interface Failure {
  /** Whether an answer differed; else the service did not start, or failed to answer. */
  isDifference: boolean
  by: string
}

interface TestReport {
  testResults: {
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, runs: { type: 'string', default: '1000' } },
})
const runs = Number(values.runs)
const seed = process.env.ORACLE_SEED ?? String(Math.floor(Math.random() * 2 ** 31))
process.exitCode = await main()

async function main(): Promise<number> {
  const picked = mutations.filter(
    ({ rule }) => !values.only || values.only.some((text) => rule.includes(text)),
  )
  const rotten = rottenMutations(root)
  if (!(runs >= 1)) rotten.push(`--runs ${values.runs}: must be a number from 1 on`)
  if (picked.length === 0) rotten.push(`--only ${values.only}: no mutation has such a name`)
  if (rotten.length > 0) {
    console.error(rotten.join('\n'))
    return 1
  }
  console.log(`mutations: ${picked.length}, ORACLE_SEED=${seed}, ${fewRuns} runs, then ${runs}`)
  const started = performance.now()
  const failed = await inWorkplaces(picked)
  const took = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`${picked.length - failed} passed, ${failed} failed (${took} s)`)
  return failed === 0 ? 0 : 1
}

/** Tries all of them, as many at once as there are copies of the project; returns how many went unnoticed. */
async function inWorkplaces(picked: readonly Mutation[]): Promise<number> {
  const length = Math.min(mostAtOnce, availableParallelism())
  const workplaces = Array.from({ length }, makeWorkplace)
  const queue = picked.values()
  let failed = 0
  try {
    const asItIs = await Promise.all(workplaces.map((workplace) => runOracle(workplace, fewRuns)))
    const failure = asItIs.find((each) => each !== null)
    if (failure) throw new Error(`The oracle fails on the service as it is: ${failure.by}`)
    const work = async (workplace: string) => {
      for (const mutation of queue) if (!(await isNoticed(workplace, mutation))) failed += 1
    }
    await Promise.all(workplaces.map(work))
  } finally {
    for (const workplace of workplaces) rmSync(workplace, { recursive: true, force: true })
  }
  return failed
}

async function isNoticed(workplace: string, { rule, file, find, replace }: Mutation): Promise<boolean> {
  const path = join(workplace, file)
  const text = readFileSync(path, 'utf8')
  const started = performance.now()
  writeFileSync(
    path,
    text.replace(find, () => replace),
  )
  try {
    const few = Math.min(fewRuns, runs)
    const quick = await runOracle(workplace, few)
    const failure = quick ?? (runs > few ? await runOracle(workplace, runs) : null)
    const state = failure === null ? 'NOT NOTICED' : failure.isDifference ? 'noticed' : 'BROKEN'
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5)
    const by = failure === null ? '' : ` (${failure.by}${quick === null ? `, of ${runs} runs` : ''})`
    console.log(`${state.padEnd(11)} ${seconds} s  ${rule}${by}`)
    return failure?.isDifference ?? false
  } finally {
    writeFileSync(path, text)
  }
}

function makeWorkplace(): string {
  const workplace = mkdtempSync(join(tmpdir(), 'modeldex-mutations-'))
  for (const part of parts) cpSync(join(root, part), join(workplace, part), { recursive: true })
  for (const config of readdirSync(root).filter((name) => name.startsWith('vitest.config.')))
    cpSync(join(root, config), join(workplace, config))
  symlinkSync(join(root, 'node_modules'), join(workplace, 'node_modules'), 'junction')
  return workplace
}

/** Runs the oracle's test up to its first failure. */
async function runOracle(workplace: string, numRuns: number): Promise<Failure | null> {
  const [temporary, report] = [join(workplace, 'tmp'), join(workplace, 'report.json')]
  mkdirSync(temporary, { recursive: true })
  const catalogs = readdirSync(temporary)
  rmSync(report, { force: true })
  const output = await run(workplace, numRuns, [
    'node_modules/vitest/vitest.mjs',
    ...['run', 'test/oracle/oracle.test.ts', '--bail=1', '--cache=false', '--fsModuleCache=false'],
    ...['--reporter=json', `--outputFile=${report}`],
  ])
  // What it left behind is of no use to the next one, but for the catalog of the service as it is.
  for (const name of catalogs.length > 0 ? readdirSync(temporary) : [])
    if (!catalogs.includes(name)) rmSync(join(temporary, name), { recursive: true, force: true })
  if (!existsSync(report)) return { isDifference: false, by: `no report: ${output.slice(-300)}` }
  return firstFailure(JSON.parse(readFileSync(report, 'utf8')))
}

function firstFailure({ testResults }: TestReport): Failure | null {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests.find(({ status }) => status === 'failed')
  const passed = tests.filter(({ status }) => status === 'passed')
  if (failed === undefined) {
    if (passed.length === tests.length && tests.length > 0) return null
    return { isDifference: false, by: testResults.map(({ message }) => message.slice(0, 300)).join('; ') }
  }
  const crash = crashed.exec(failed.failureMessages.join('\n'))
  return { isDifference: crash === null, by: crash === null ? failed.fullName.slice(0, 80) : crash[0] }
}

function run(workplace: string, numRuns: number, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: workplace,
      env: {
        ...process.env,
        TMPDIR: join(workplace, 'tmp'),
        TEMP: join(workplace, 'tmp'),
        ORACLE_SEED: seed,
        ORACLE_RUNS: String(numRuns),
        ORACLE_SHRINK: 'no',
      },
      timeout: timeoutMs,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', () => resolve(output))
  })
}
