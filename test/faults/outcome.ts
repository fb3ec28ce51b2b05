import type { Failure } from './load.ts'
import type { Growth } from './memory.ts'

/** What a run has shown so far. */
export interface Outcome {
  requests: number
  /** Answers that are wrong, mixed or not whole. */
  wrong: number
  /** Faults after which the catalog was not there, or not sound. */
  lost: number
  /** Failed requests, by fault and cause. */
  failures: Map<string, number>
  notRun: string[]
  /** What must not be: the run fails with any. */
  broken: string[]
  memory: Growth[]
}

export function newOutcome(): Outcome {
  return { requests: 0, wrong: 0, lost: 0, failures: new Map(), notRun: [], broken: [], memory: [] }
}

export function tell(title: string, lines: readonly string[]): void {
  console.log([`\n${title}`, ...lines].join('\n  '))
}

export function breaks({ broken }: Outcome, what: string): void {
  broken.push(what)
  console.log(`  BROKEN: ${what}`)
}

export function isNotRun({ notRun }: Outcome, name: string, why: string): void {
  notRun.push(`${name}: ${why}`)
  tell(`${name}: NOT RUN`, [why])
}

/** @param explains whether a failed request is what the fault costs; where left out, none may fail */
export function addFailures(
  outcome: Outcome,
  name: string,
  failures: readonly Failure[],
  explains: (failure: Failure) => boolean = () => false,
): void {
  for (const [cause, all] of Map.groupBy(failures, ({ cause }) => cause)) {
    const what = `${name}: ${cause}`
    outcome.failures.set(what, (outcome.failures.get(what) ?? 0) + all.length)
    console.log(`  failed requests: ${all.length}, ${cause}`)
    const unexplained = all.filter((failure) => !explains(failure)).length
    if (unexplained > 0) breaks(outcome, `${name} does not explain ${unexplained} failed requests: ${cause}`)
  }
}

export function addLoad(
  outcome: Outcome,
  { requests, wrong, told }: { requests: number; wrong: number; told: readonly string[] },
): void {
  outcome.requests += requests
  outcome.wrong += wrong
  outcome.broken.push(...told)
}

export function summarize({ requests, wrong, lost, failures, notRun, broken, memory }: Outcome): void {
  const failed = failures.values().reduce((sum, count) => sum + count, 0)
  tell('In all', [
    `requests: ${requests}`,
    `failed requests: ${failed}`,
    ...[...failures].map(([what, count]) => `  ${what}: ${count}`),
    `answers wrong, mixed or not whole: ${wrong}`,
    `catalogs lost: ${lost}`,
    ...memory.map(shown),
    ...notRun.map((what) => `NOT RUN: ${what}`),
    ...broken.map((what) => `BROKEN: ${what}`),
  ])
}

function shown({ name, minutes, firstMb, lastMb, mbPerTenMinutes }: Growth): string {
  const slope = minutes < 1 ? '' : `, ${mbPerTenMinutes.toFixed(1)} MB in 10 minutes`
  return `memory of ${name}: ${firstMb.toFixed(0)} MB, ${minutes.toFixed(1)} minutes later ${lastMb.toFixed(0)} MB${slope}`
}
