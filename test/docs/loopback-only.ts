import dgram from 'node:dgram'
import dns from 'node:dns'
import { isIP, Socket } from 'node:net'
import { REFUSED } from './refused.ts'

/**
 * Loaded before the program (`node --import`), fails whatever would leave this machine: connections, datagrams and name
 * lookups. Each attempt is named on stderr, in case the program swallows the error.
 */

function refuse(what: string): Error {
  process.stderr.write(`${REFUSED} ${what}\n`)
  return new Error(`${REFUSED} ${what}`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

const { connect } = Socket.prototype
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  const host = hostOf(args)
  if (!isLoopback(host)) throw refuse(`a connection to ${host}`)
  return Reflect.apply(connect, this, args)
}

/** Node calls it with its own list of arguments inside the first one. */
function hostOf([first, second]: unknown[]): string {
  if (Array.isArray(first)) return hostOf(first)
  if (typeof first === 'object' && first !== null) {
    const isPath = 'path' in first && typeof first.path === 'string'
    return !isPath && 'host' in first && typeof first.host === 'string' ? first.host : 'localhost'
  }
  return typeof first === 'number' && typeof second === 'string' ? second : 'localhost'
}

for (const module of [dns, dns.promises] as object[]) {
  for (const name of Object.keys(module)) {
    const original: unknown = Reflect.get(module, name)
    if (!/^(lookup|resolve|reverse)/.test(name) || typeof original !== 'function') continue
    Reflect.set(module, name, (host: string, ...rest: unknown[]) => {
      if (isIP(host) === 0 && !isLoopback(host)) throw refuse(`a lookup of ${host}`)
      return original.call(module, host, ...rest)
    })
  }
}

dgram.Socket.prototype.send = () => {
  throw refuse('a datagram')
}
