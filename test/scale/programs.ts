import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '../..')
export const NGINX_CONFIG = join(ROOT, 'deploy/nginx/modeldex.conf')
/** How long a program may take to answer its first request, in ms. */
export const START_MS = 60_000

/** A program of the demonstration: its output goes into a file of its name. */
export interface Program {
  kill(signal: NodeJS.Signals): Promise<void>
  /** Leaves nothing of it, where there is no time to wait. */
  end(): void
}

function start(folder: string, name: string, line: string[], env: Record<string, string> = {}): Program {
  const [command = '', ...args] = line
  const log = openSync(join(folder, `${name}.log`), 'a')
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', log, log],
  })
  const ended = once(child, 'exit').catch(() => {})
  return {
    async kill(signal) {
      if (isRunning(child)) child.kill(signal)
      await ended
    },
    end: () => void child.kill('SIGKILL'),
  }
}

export function startModeldex(
  folder: string,
  name: string,
  args: string[],
  env: Record<string, string>,
): Program {
  return start(
    folder,
    name,
    [process.execPath, join(ROOT, 'src/bin.js'), 'serve', '--db', `${name}.db`, ...args],
    env,
  )
}

/** The configuration that is shipped for replicas, on other ports. */
export function startNginx(
  folder: string,
  text: string,
  ports: { own: number; replicas: number[] },
): Program {
  const moved = ports.replicas.reduce(
    (moved, port, index) => moved.replace(`server 127.0.0.1:878${index + 1} `, `server 127.0.0.1:${port} `),
    text.replace('listen 127.0.0.1:8780;', `listen 127.0.0.1:${ports.own};`),
  )
  return startNginxServers(folder, moved)
}

/** In a folder that is nginx's own; `servers` is what goes into the http block. */
export function startNginxServers(folder: string, servers: string): Program {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? `user ${userInfo().username};` : ''}
daemon off; pid nginx.pid; error_log stderr warn; worker_processes 2;
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join(' ')}
  ${servers}
}
`,
  )
  return start(folder, 'nginx', ['nginx', '-p', `${folder}/`, '-c', 'nginx.conf', '-e', 'stderr'])
}

/** So many ports that are free, and differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no TCP port')
    return address.port
  })
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

/** @throws Error when it does not come true in time */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<number> {
  const started = performance.now()
  while (performance.now() - started < START_MS) {
    if (await isSo().catch(() => false)) return (performance.now() - started) / 1000
    await setTimeout(20)
  }
  throw new Error(`${what}: not within ${START_MS / 1000} s`)
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}
