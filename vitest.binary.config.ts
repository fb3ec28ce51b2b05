import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Tests that hold for the single binary too, with it in the place of the sources, and those about it alone. */
export default defineConfig({
  test: {
    include: [
      'test/binary/*.test.ts',
      'test/cli/{history,ingest,serve,sql,token}.test.ts',
      'test/contract/*.test.ts',
      'test/mcp/stdio.test.ts',
      'test/docs/no-network.test.ts',
      'test/oracle/oracle.test.ts',
      'test/snapshot/{diff,serve,verify}.test.ts',
    ],
    setupFiles: ['test/openapi/setup.ts'],
    env: { TEST_BINARY: join(import.meta.dirname, 'dist/modeldex'), ORACLE_RUNS: '300' },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes: one second, as by default, is little on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'test-results/vitest-binary.json' }]]
      : ['dot'],
  },
})
