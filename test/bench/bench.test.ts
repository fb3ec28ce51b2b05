import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { type Exchange, requestOf, runLoad } from '../../bench/load.ts'
import { SHAPES } from '../../bench/shapes.ts'
import { writeSynthetic } from '../../bench/synthetic.ts'
import { temporaryFolder } from '../service.ts'

const BENCH = join(import.meta.dirname, '../../bench/bench.ts')

async function bench(...args: string[]): Promise<{ code: number | null; printed: string; errors: string }> {
  const child = spawn(process.execPath, [BENCH, '--quick', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [printed, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { code, printed, errors }
}

/** Long, for a machine that does much else. */
const TIMEOUT_MS = 240_000
const SERVERS = ['bare node:http', 'Express route', 'modeldex']

describe('npm run bench', () => {
  it('prints every row, and no answer is another than expected', { timeout: TIMEOUT_MS }, async () => {
    const { code, printed, errors } = await bench()
    expect(code, errors).toBe(0)
    for (const load of ['hot', '304', 'gzip', 'br', '404', 'cold']) {
      for (const server of SERVERS) expect(printed).toMatch(new RegExp(`^${load}: ${server} +[\\d.]+ `, 'm'))
    }
    for (const row of ['hot: afternoon version', 'cold: afternoon version', 'cold gzip: modeldex'])
      expect(printed).toMatch(new RegExp(`^${row} +[\\d.]+ `, 'm'))
    // Of the table, what is measured at the size of the seed.
    expect(printed.match(/<= [\d.]+ (x|MB) +(OK|over, x [\d.]+)$/gm)).toHaveLength(16)
    expect(printed).not.toMatch(/NaN|Infinity/)
  })

  it('prints every shape of a request in process', { timeout: TIMEOUT_MS }, async () => {
    const { code, printed, errors } = await bench('--in-process')
    expect(code, errors).toBe(0)
    expect(SHAPES.length).toBeGreaterThanOrEqual(40)
    const names = printed.split('\n').map((line) => line.replace(/ +\d+$/, ''))
    expect(names).toEqual(expect.arrayContaining([...SHAPES.map(({ name }) => name), 'worst shape']))
    expect(printed).not.toMatch(/NaN|Infinity/)
  })
})

describe('the load', () => {
  const body = 'x'.repeat(100_000)
  const right: Exchange = { request: requestOf('/', {}), url: '/', status: 200, length: body.length }

  it.each<[what: string, expected: Partial<Exchange>, outcome: RegExp | undefined]>([
    ['takes the right answer', {}, undefined],
    [
      'refuses another length',
      { length: body.length - 1 },
      /\/ answered 200 with 100000 bytes, not 200 with 99999/,
    ],
    ['refuses another status', { status: 404 }, /not 404/],
  ])('%s', async (_what, expected, outcome) => {
    const server = createServer((_request, response) =>
      response.setHeader('Content-Length', body.length).end(body),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    try {
      const load = runLoad(port, [{ ...right, ...expected }], 20)
      if (outcome !== undefined) await expect(load).rejects.toThrow(outcome)
      else expect((await load).latenciesMs).toHaveLength(20)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

it('a synthetic catalog has as many models as asked for, and the same ones each time', async () => {
  const folder = temporaryFolder()
  try {
    const [one, other] = [join(folder, 'one.json'), join(folder, 'other.json')]
    await writeSynthetic(12_000, one)
    await writeSynthetic(12_000, other)
    const written = readFileSync(one, 'utf8')
    expect(readFileSync(other, 'utf8')).toBe(written)
    const providers: { models: object }[] = Object.values(JSON.parse(written))
    expect(providers.flatMap(({ models }) => Object.keys(models))).toHaveLength(12_000)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
