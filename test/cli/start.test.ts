import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { BINARY, greeting, startProgram } from './program.ts'
import { folderWithCatalog } from './serving.ts'

/** Tells on standard error which of Node's own modules a process has loaded once it ends. */
const TELL_MODULES = `process.on('exit', () => console.error(process.moduleLoadList.join('\\n')))`

describe.skipIf(BINARY !== undefined)('a service that has started', () => {
  it("has not loaded Node's fetch, a tenth of its start", async () => {
    const node = ['--import', `data:text/javascript,${encodeURIComponent(TELL_MODULES)}`]
    const child = startProgram(['serve', '--port', '0', '--no-auth'], {
      cwd: await folderWithCatalog(),
      node,
    })
    const modules = text(child.stderr)
    await greeting(child)
    child.kill('SIGTERM')
    await once(child, 'close')
    expect(await modules).toContain('NativeModule http')
    expect(await modules).not.toContain('undici')
  })
})
