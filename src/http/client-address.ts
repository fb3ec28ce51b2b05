import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net'
import proxyAddress from 'proxy-addr'
import type { Config } from '../config.ts'

/** An address of IPv6 has so many groups of 16 bits. Whoever has one mostly has the 56 bits before it: 3½ groups. */
const GROUPS = 8
const CUT_BITS = 8
const IPV4_IN_IPV6 = '::ffff:'

/** Makes the function that tells which address, or network of IPv6, a request comes from. */
export function clientAddress(trusted: Config['trustProxy']): (request: IncomingMessage) => string {
  const trust = trusted === undefined ? undefined : trustOf(trusted)
  return (request) => {
    const peer = request.socket.remoteAddress ?? ''
    if (trust === undefined) return networkOf(peer)
    const forwarded = proxyAddress(request, trust)
    // A proxy may forward anything, such as an address with its port, which would make every connection a new client.
    return networkOf(isIP(forwarded) === 0 ? peer : forwarded)
  }
}

type Trust = Parameters<typeof proxyAddress>[1]

/** Believes as many proxies, counted from this machine, or those with an address of the list. */
function trustOf(trusted: number | string[]): Trust {
  return typeof trusted === 'number' ? (_address, hop) => hop < trusted : proxyAddress.compile(trusted)
}

/** An IPv4 address as it is, also where IPv6 wraps it; of any other the network. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const canonical = new SocketAddress({ address: address.replace(/%.*/, ''), family: 'ipv6' }).address
  const embedded = canonical.slice(IPV4_IN_IPV6.length)
  if (canonical.startsWith(IPV4_IN_IPV6) && isIPv4(embedded)) return embedded
  const [before = [], after = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array<string>(GROUPS - before.length - after.length).fill('0')
  const [first, second, third, fourth = ''] = [...before, ...zeros, ...after]
  const rest = Number.parseInt(fourth, 16) >> CUT_BITS
  return `${first}:${second}:${third}:${rest.toString(16)}/56`
}
