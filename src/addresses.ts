/** Whether a text names proxies to believe: an address, a network, or a name for several. */
function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', prefix, ...rest] = text.split('/')
  const maxPrefix = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
  const bits = prefix === undefined ? maxPrefix : /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : 0
  return bits > 0 && bits <= maxPrefix && rest.length === 0
}

/** As a browser sends it: no path, no slash at the end, lower case. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

/** Proxies to believe, with commas between them. */
export function readProxyList(text: string): string[] | undefined {
  const proxies = readList(text)
  return proxies.every(isProxy) ? proxies : undefined
}

/** Web origins with commas between them, or `*` for all. */
export function readOrigins(text: string): '*' | string[] | undefined {
  if (text === '*') return '*'
  const origins = readList(text)
  return origins.every(isOrigin) ? origins : undefined
}

/** Host names with commas between them, without scheme and port. */
export function readHostNames(text: string): string[] | undefined {
  const names = readList(text.toLowerCase())
  return names.every((name) => URL.parse(`http://${name}`)?.hostname === name) ? names : undefined
}

function readList(text: string): string[] {
  return text.split(',').map((item) => item.trim())
}

/** An IPv6 address in a URL's spelling. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  const { BlockList } = network()
  const loopback = new BlockList()
  loopback.addSubnet('127.0.0.0', 8, 'ipv4')
  loopback.addAddress('::1', 'ipv6')
  const family = isIP(host)
  return family !== 0 && loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

/** The text itself, where it is a URL of http or https. */
export function readHttpUrl(text: string): string | undefined {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined
}

function isIP(address: string): number {
  return network().isIP(address)
}

/** Loaded when it is needed: most commands look at no address. */
function network() {
  return process.getBuiltinModule('node:net')
}
