import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { ENOUGH_BYTES, REQUESTS_A_LOOK } from '../../src/cli/young-generation.ts'

const MODULE = new URL('../../src/cli/young-generation.ts', import.meta.url)

/** A process whose requests leave much behind that lives for a while; gives what its young generation holds at last, in bytes. */
function capacityAfter(requests: number, { isKept }: { isKept: boolean }): number {
  const script = `
    import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
    import { youngGenerationKeeper } from ${JSON.stringify(MODULE.href)}
    setFlagsFromString('--semi-space-growth-factor=${isKept ? 1 : 2}')
    const keep = ${isKept} ? youngGenerationKeeper() : () => {}
    const living = Array(10_000).fill(null)
    for (let request = 0; request < ${requests}; request++) {
      keep()
      for (let left = 0; left < 10; left++) living[(10 * request + left) % living.length] = { left: [request] }
    }
    const { space_used_size: used, space_available_size: free } =
      getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    console.log(used + free)`
  const args = ['--no-warnings', '--input-type=module', '--eval', script]
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))
}

it('lets the young generation grow as far as it should, and no further', () => {
  expect(capacityAfter(REQUESTS_A_LOOK - 1, { isKept: true })).toBeLessThan(ENOUGH_BYTES / 2)
  const kept = capacityAfter(100_000, { isKept: true })
  expect(kept).toBeGreaterThan(ENOUGH_BYTES / 2)
  expect(kept).toBeLessThanOrEqual(ENOUGH_BYTES)
  expect(capacityAfter(100_000, { isKept: false })).toBeGreaterThan(ENOUGH_BYTES)
})
