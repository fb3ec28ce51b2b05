import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'

const TRICKLE_MS = 50

/** How upstream behaves: as it should, not at all, or as if it would. */
export type Manner = 'answers' | 'is silent' | 'trickles'

/** A server of a catalog that may hang. */
export interface FakeUpstream {
  url: string
  manner: Manner
  /** The file that it answers with. */
  source: string
  /** Connections so far. */
  accepted: number
  stop(): Promise<void>
}

export async function startUpstream(): Promise<FakeUpstream> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    upstream.accepted++
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    if (upstream.manner === 'is silent') socket.resume()
    else socket.once('data', () => (upstream.manner === 'trickles' ? trickle(socket) : send(socket)))
  })
  const send = (socket: Socket) => {
    const body = readFileSync(upstream.source)
    socket.end(Buffer.concat([Buffer.from(head(body.length)), body]))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const upstream: FakeUpstream = {
    url: `http://127.0.0.1:${port}/api.json`,
    manner: 'answers',
    source: '',
    accepted: 0,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
  return upstream
}

/** A byte now and then, for ever. */
function trickle(socket: Socket): void {
  socket.write(`${head(1_000_000)}{`)
  const timer = setInterval(() => socket.write(' '), TRICKLE_MS)
  socket.once('close', () => clearInterval(timer))
}

function head(length: number): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`
}
