import { defineConfig } from 'vitest/config'

// Where .ci/run reads how many tests passed.
const RESULTS = 'test-results/vitest.json'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need the binary: vitest.binary.config.ts.
    exclude: ['test/binary/**'],
    setupFiles: ['test/openapi/setup.ts'],
    // Processes, not threads: the driver is native code, and tests start and kill servers.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // As patient as a machine is slow: what does not come true is the only failure.
    expect: { poll: { timeout: 10_000 } },
    reporters: process.env.CI ? ['default', ['json', { outputFile: RESULTS }]] : ['dot'],
  },
})
