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
    // What is waited for comes when it comes: one second, as by default, is little on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    reporters: process.env.CI ? ['default', ['json', { outputFile: RESULTS }]] : ['dot'],
  },
})
