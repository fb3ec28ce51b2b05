import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * Opens many connections to a service, asks over each of them twice, the second time when all are open, and prints how it
 * went: a process of its own, for its sockets count too.
 */

const [port = '', count = ''] = process.argv.slice(2)
/** At once: more would not fit into the queue of those that wait to be let in. */
const BATCH = 250
/** It ends by itself, whatever happens. */
const DEADLINE_MS = 60_000
const REQUEST = 'GET /api/v1/inference/catalog?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n'

setTimeout(() => process.exit(1), DEADLINE_MS).unref()

async function open(): Promise<Socket> {
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function ask(socket: Socket): Promise<void> {
  socket.write(REQUEST)
  const [chunk] = await once(socket, 'data')
  const [, status = 'none'] = /^HTTP\/1\.1 (\d+)/.exec(String(chunk)) ?? []
  statuses[status] = (statuses[status] ?? 0) + 1
}

const statuses: Record<string, number> = {}
const sockets: Socket[] = []
while (sockets.length < Number(count)) {
  const batch = Math.min(BATCH, Number(count) - sockets.length)
  const opened = await Promise.all(Array.from({ length: batch }, open))
  await Promise.all(opened.map(ask))
  sockets.push(...opened)
}
const held = sockets.filter((socket) => socket.readyState === 'open').length
for (let at = 0; at < sockets.length; at += BATCH) await Promise.all(sockets.slice(at, at + BATCH).map(ask))
process.stdout.write(JSON.stringify({ held, statuses }))
for (const socket of sockets) socket.destroy()
