import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { whyNot } from './machine.ts'

/** What `/proc` tells of processes that run. */

/** Those that a process has started and that still run. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

export function isGone(pid: number): boolean {
  try {
    // One that nobody has waited for is still listed, and runs no more.
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

/** Memory that a process holds in RAM, in bytes; undefined: it is gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kib === undefined ? undefined : Number(kib) * 1024
  } catch {
    return undefined
  }
}

const SOFT_LIMIT = /^Max open files\s+(\d+)/m

/** How many files a process may have open. */
export function limitOfFiles(pid: number): number {
  return Number(SOFT_LIMIT.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1])
}

/**
 * Sets that limit, which can be set to more again.
 * @param wrapper a command that runs others as the user of the process
 * @returns why it cannot be set; undefined: it is
 */
export function limitFiles(wrapper: readonly string[], pid: number, files: number): string | undefined {
  return whyNot([...wrapper, 'prlimit', `--pid=${pid}`, `--nofile=${files}:`])
}

export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** The clients' ends of the connections that a process has accepted at a port. */
export function clientPorts(pid: number, port: number): Set<number> {
  const accepted = socketsOf(pid, port).filter(({ isListening }) => !isListening)
  return new Set(accepted.map(({ remotePort }) => remotePort))
}

export function isListening(pid: number, port: number): boolean {
  return socketsOf(pid, port).some(({ isListening }) => isListening)
}

const LISTENING = '0A'

/** What a process has open at a port of its own. */
function socketsOf(pid: number, port: number): { remotePort: number; isListening: boolean }[] {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
  const lines = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)
  return lines.flatMap((line) => {
    const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/)
    if (portIn(local) !== port || !inodes.has(inode)) return []
    return [{ remotePort: portIn(remote), isListening: state === LISTENING }]
  })
}

/** A file may be closed between listing and looking. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function portIn(address: string): number {
  return Number.parseInt(address.slice(address.indexOf(':') + 1), 16)
}
