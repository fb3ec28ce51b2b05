import { type Figures, medianFigures, medianRatio } from './figures.ts'
import type { LoadName, Results, ServerName } from './rounds.ts'

/** A figure beside what it must reach. */
export interface Row {
  what: string
  value: number
  /** `x` for a ratio. */
  unit: 'x' | 'µs' | 'ms' | 's' | 'MB'
  /** Absent where the figure is only good to know. */
  target?: number
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** For what cannot be measured yet: says why, and the rest goes on. */
export function saySkipped(what: string): (error: unknown) => undefined {
  return (error) => {
    say(`${what}: not measured: ${error instanceof Error ? error.message : error}\n`)
  }
}

const TITLES: Record<ServerName, string> = {
  service: 'modeldex',
  bare: 'bare node:http',
  express: 'Express route',
  afternoon: 'afternoon version',
}
const HEAD = ['CPU µs/req', 'x bare', 'x Express', 'req/s', 'p50 ms', 'p99 ms', 'RSS MB']
const LABEL_WIDTH = 30
const FIGURE_WIDTH = 11
const ROW_WIDTH = 52
const TARGET_WIDTH = 17

/** Prints the medians of a load's rounds, a line for each server. */
export function printResults(title: string, results: Results): void {
  tableLine(title, HEAD)
  for (const [load, byServer] of results) {
    for (const [server, rounds] of byServer) {
      const { cpuUsPerRequest, requestsPerSecond, p50Ms, p99Ms, rssMb } = medianFigures(rounds)
      tableLine(`${load}: ${TITLES[server]}`, [
        cpuUsPerRequest.toFixed(1),
        times(ratio(results, load, server, 'bare')),
        times(ratio(results, load, server, 'express')),
        requestsPerSecond.toFixed(0),
        p50Ms.toFixed(2),
        p99Ms.toFixed(2),
        rssMb.toFixed(0),
      ])
    }
  }
  say('')
}

/** CPU per request of one server over that of another, in the same load unless told. */
export function ratio(
  results: Results,
  load: LoadName,
  server: ServerName,
  over: ServerName,
  overLoad = load,
): number {
  const [upper, lower] = [results.get(load)?.get(server), results.get(overLoad)?.get(over)]
  return medianRatio((upper ?? []).map(cpuOf), (lower ?? []).map(cpuOf))
}

function cpuOf({ cpuUsPerRequest }: Figures): number {
  return cpuUsPerRequest
}

function times(value: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(2)
}

/** Prints figures beside their targets; those nobody measured are left out. */
export function printRows(title: string, rows: readonly Row[]): void {
  const measured = rows.filter(({ value }) => !Number.isNaN(value))
  if (measured.length === 0) return
  tableLine(title, ['figure', 'target', ''], ROW_WIDTH, TARGET_WIDTH)
  for (const { what, value, unit, target } of measured) {
    const mark = target === undefined ? '' : value <= target ? 'OK' : `over, x ${(value / target).toFixed(2)}`
    const wanted = target === undefined ? '' : `<= ${target} ${unit}`
    tableLine(what, [`${shown(value)} ${unit}`, wanted, mark], ROW_WIDTH, TARGET_WIDTH)
  }
  say('')
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

export function tableLine(
  label: string,
  figures: readonly string[],
  labelWidth = LABEL_WIDTH,
  width = FIGURE_WIDTH,
): void {
  say(`${label.padEnd(labelWidth)}${figures.map((figure) => figure.padStart(width)).join('')}`.trimEnd())
}

/** What the issue of speed asks of the loads, at 8k entries. */
export function loadRows(results: Results): Row[] {
  const over = (load: LoadName, server: ServerName) => ratio(results, load, 'service', server)
  return [
    { what: 'hot, over bare', value: over('hot', 'bare'), unit: 'x', target: 1.6 },
    { what: 'hot, over an Express route', value: over('hot', 'express'), unit: 'x', target: 1.1 },
    { what: '304, over bare', value: over('304', 'bare'), unit: 'x', target: 1.3 },
    { what: 'gzip hot, over bare', value: over('gzip', 'bare'), unit: 'x', target: 1.3 },
    { what: 'br hot, over bare', value: over('br', 'bare'), unit: 'x', target: 1.3 },
    { what: 'cold mix, over bare', value: over('cold', 'bare'), unit: 'x', target: 6 },
    {
      what: 'cold mix, over the afternoon version',
      value: over('cold', 'afternoon'),
      unit: 'x',
      target: 0.07,
    },
    {
      what: 'gzip cold, over cold',
      value: ratio(results, 'cold gzip', 'service', 'service', 'cold'),
      unit: 'x',
      target: 1.2,
    },
    { what: '404 with near ids, over bare', value: over('404', 'bare'), unit: 'x', target: 5 },
    { what: 'RSS after the cold load', value: residentAfter(results), unit: 'MB', target: 180 },
  ]
}

function residentAfter(results: Results): number {
  const rounds = results.get('cold')?.get('service')
  return rounds === undefined ? Number.NaN : medianFigures(rounds).rssMb
}
