import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Fault } from './fault.ts'
import { ANSWER_MS } from './load.ts'
import { clientPorts, limitFiles, limitOfFiles, openFiles } from './processes.ts'
import { ADMIN, must, type Scene, until } from './scene.ts'

/** How many more files each process may open. */
const MORE = 8
/** How many fewer, so that none is left once a few are closed. */
const FEWER = 5
const CONNECTIONS = 200
/** More than run at once: none may keep its place when it fails. */
const STATEMENTS = 6

export const NO_DESCRIPTORS: Fault = {
  name: 'file descriptors run out',
  async happen(scene) {
    const { machine, primary, workers } = scene
    const pids = [primary, ...workers()]
    const limits = new Map(pids.map((pid) => [pid, limitOfFiles(pid)]))
    const limit = (pid: number, files: number) => limitFiles(machine.asOther, pid, files)
    const kept = await connectionTo(scene, workers()[0] ?? 0)
    const ask = async (...[path, body]: [path: string, body?: object]) => {
      const { status, type } = await post(scene.url + path, kept, body)
      return type === undefined ? `${status}` : `${status} ${type}`
    }
    const sql = () => ask('/api/v1/inference/sql', { sql: 'SELECT 1' })
    const shown: string[] = []
    try {
      for (const pid of pids) {
        const why = limit(pid, openFiles(pid) + MORE)
        if (why !== undefined) return { notRun: `the limit of a process cannot be set (${why})` }
      }
      const crowd = await crowdOf(scene)
      const full = workers().map((pid) => `pid ${pid} has ${openFiles(pid)} open, of ${limitOfFiles(pid)}`)
      must(crowd.closed > 0, `none of ${CONNECTIONS} connections was turned away`)
      shown.push(
        `of ${CONNECTIONS} connections more ${crowd.closed} were closed unanswered; ${full.join(', ')}`,
      )
      for (const pid of [primary, ...workers()]) limit(pid, openFiles(pid) - FEWER)
      const refreshed = await ask('/api/v1/inference/refresh')
      must(refreshed === '500 server_error', `a refresh gets ${refreshed}`)
      const statements: string[] = []
      while (statements.length < STATEMENTS) statements.push(await sql())
      must(statements.at(-1) === '500 server_error', `SQL gets ${statements.join(', ')}`)
      shown.push(`what needs a process: a refresh gets ${refreshed}, SQL ${statements.join(', ')}`)
      crowd.leave()
    } finally {
      for (const [pid, before] of limits) limit(pid, before)
    }
    const crowd = await crowdOf(scene)
    crowd.leave()
    const again = await sql()
    kept.destroy()
    must(crowd.answered === CONNECTIONS, `with descriptors again, ${crowd.answered} were answered`)
    must(again === '200', `with descriptors again, SQL gets ${again}`)
    return [
      ...shown,
      `with descriptors again all of ${CONNECTIONS} connections were answered, and SQL gets ${again}`,
    ]
  },
}

/** A connection that is kept, to this worker. */
async function connectionTo({ url, port }: Scene, worker: number): Promise<Agent> {
  let agent = new Agent()
  await until('a connection comes to the worker', async () => {
    agent.destroy()
    agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const before = clientPorts(worker, port).size
    await post(`${url}/nowhere`, agent)
    return clientPorts(worker, port).size > before
  })
  return agent
}

/** Opens many connections, asks on each until all are answered or closed, and holds those that are answered. */
async function crowdOf({ port }: Scene) {
  let [answered, closed] = [0, 0]
  const open = (): Socket => {
    const socket = connect(port, '127.0.0.1')
    let isAnswered = false
    socket.once('connect', () => socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'))
    socket.once('data', () => {
      isAnswered = true
      answered++
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      if (!isAnswered) closed++
    })
    return socket
  }
  const sockets = Array.from({ length: CONNECTIONS }, open)
  await until('connections are answered or closed', () => answered + closed === CONNECTIONS)
  const leave = () => {
    for (const socket of sockets) socket.destroy()
  }
  return { answered, closed, leave }
}

async function post(url: string, agent: Agent, body?: object): Promise<{ status?: number; type?: string }> {
  const headers = { Authorization: `Bearer ${ADMIN}`, ...(body && { 'Content-Type': 'application/json' }) }
  const asked = request(url, { method: 'POST', headers, agent, signal: AbortSignal.timeout(ANSWER_MS) })
  asked.end(body && JSON.stringify(body))
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const { type } = JSON.parse(await text(answer)) as { type?: string }
  return { ...(answer.statusCode && { status: answer.statusCode }), ...(type && { type }) }
}
