import type { Server } from 'node:http'

/** Says where a reference listens, in the service's words. */
export function announce(server: Server): void {
  const address = server.address()
  if (typeof address === 'object' && address !== null) {
    process.stdout.write(`listens on http://127.0.0.1:${address.port}\n`)
  }
}
