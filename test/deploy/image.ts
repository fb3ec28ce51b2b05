import { execFileSync, spawn } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { freePorts } from '../scale/programs.ts'
import { type Instruction, readDockerfile } from './dockerfile.ts'

/**
 * `npm run test:image`: takes the steps of deploy/Dockerfile without a container engine. The build runs in a copy of the
 * checkout; what it makes is put into an empty folder with Node and its libraries, and runs there as the image would: as
 * root's opposite, in a root that is read-only. Needs to be root, for `chroot` and mounts; says so where it is not.
 */
const ROOT = join(import.meta.dirname, '../..')
/** How long the service may take to fill its catalog and answer, and to stop, in ms. */
const START_MS = 120_000
const STOP_MS = 15_000

if (process.getuid?.() !== 0 || process.platform !== 'linux') {
  console.log('not run: the image can only be tried as root, on Linux')
} else {
  const folder = mkdtempSync(join(tmpdir(), 'modeldex-image-'))
  try {
    await tryImage(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function tryImage(folder: string): Promise<void> {
  const [build = [], image = []] = readDockerfile(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'))
  const built = join(folder, 'build')
  const root = join(folder, 'root')
  const data = join(folder, 'data')
  buildIn(built, build)
  const settings = makeRoot(root, built, image)
  mkdirSync(data)
  execFileSync('chown', ['1000:1000', data])
  console.log(
    `image: ${execFileSync('du', ['-sm', join(root, 'modeldex')], { encoding: 'utf8' }).split('\t')[0]} MB beside Node`,
  )
  await runIn(root, data, settings)
}

/** Takes the steps of the first stage in a copy of what git tracks, without what an engine is not given either. */
function buildIn(folder: string, steps: Instruction[]): void {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0')
  const ignored = readFileSync(join(ROOT, 'deploy/Dockerfile.dockerignore'), 'utf8').split('\n')
  const given = tracked.filter((path) => path !== '' && !ignored.includes(path.replace(/\/.*/, '')))
  for (const path of given) cpSync(join(ROOT, path), join(folder, path))
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  for (const { name, value } of steps) {
    if (name !== 'RUN') continue
    console.log(`build: ${value}`)
    execFileSync('sh', ['-ec', value], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
  }
}

interface Settings {
  env: Record<string, string>
  command: string[]
  health: string[]
  user: string
}

/** Takes the steps of the second stage in a folder that has nothing but Node, a shell and `install`. */
function makeRoot(root: string, built: string, steps: Instruction[]): Settings {
  for (const program of [process.execPath, '/bin/sh', '/usr/bin/install', '/usr/bin/env']) {
    const place = program === process.execPath ? '/usr/local/bin/node' : program
    copyProgramFile(program, root + place)
    const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? []
    for (const library of libraries) copyProgramFile(library, root + library)
  }
  for (const name of ['tmp', 'proc', 'dev', 'modeldex']) mkdirSync(join(root, name), { recursive: true })
  writeFileSync(join(root, 'dev/null'), '')
  const settings: Settings = { env: {}, command: [], health: [], user: '' }
  for (const { name, value } of steps) {
    if (name === 'COPY') copy(value, root, built)
    else if (name === 'RUN') execFileSync('chroot', [root, '/bin/sh', '-ec', value])
    else if (name === 'ENV') settings.env[value.split('=')[0] ?? ''] = value.split('=')[1] ?? ''
    else if (name === 'USER') settings.user = value
    else if (name === 'HEALTHCHECK') settings.health = JSON.parse(value.slice(value.indexOf('[')))
    else if (name === 'ENTRYPOINT' || name === 'CMD') settings.command.push(...JSON.parse(value))
  }
  return settings
}

/** The file itself, where the path is a link to it. */
function copyProgramFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(realpathSync(from), to)
}

function copy(value: string, root: string, built: string): void {
  const paths = value.split(/\s+/).filter((word) => !word.startsWith('--'))
  const target = paths.pop() ?? ''
  for (const path of paths) {
    const from = path.replace('/modeldex', built)
    const into = target.endsWith('/') ? join(target, path.split('/').at(-1) ?? '') : target
    cpSync(from, join(root, 'modeldex', into), { recursive: true, verbatimSymlinks: true })
  }
}

async function runIn(root: string, data: string, { env, command, health, user }: Settings): Promise<void> {
  const [port] = await freePorts(1)
  const mounts = [
    `mount --bind ${root} ${root} && mount -o remount,bind,ro ${root}`,
    `mount -t tmpfs tmpfs ${root}/tmp && mount --bind ${data} ${root}/data`,
    `mount --bind /proc ${root}/proc && mount --bind /dev/null ${root}/dev/null`,
  ].join(' && ')
  const variables = Object.entries({ ...env, PATH: '/usr/local/bin', MODELDEX_PORT: `${port}` })
  const inside = (words: string[]) => {
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
    const set = variables.map(([name, value]) => `${name}='${value}'`).join(' ')
    const chroot = `exec chroot --userspec=${user} ${root} /usr/bin/env -i ${set}`
    const shell = `cd /modeldex && exec ${quoted}`.replaceAll("'", `'\\''`)
    return spawn('unshare', ['-m', 'sh', '-ec', `${mounts} && ${chroot} /bin/sh -c '${shell}'`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
  const exitOf = async (words: string[]) => {
    const child = inside(words)
    const [code, said] = await Promise.all([exit(child), text(child.stderr)])
    return { code, said }
  }

  const refused = await exitOf(['node', '-e', "require('fs').writeFileSync('/modeldex/x', '')"])
  if (!refused.said.includes('EROFS')) throw new Error(`the root can be written to: ${refused.said}`)
  const service = inside(command)
  const ended = exit(service)
  let output = ''
  service.stdout.on('data', (chunk) => (output += chunk))
  service.stderr.on('data', (chunk) => (output += chunk))
  try {
    const until = performance.now() + START_MS
    while (!output.includes('modeldex listens on')) {
      if (performance.now() > until || service.exitCode !== null)
        throw new Error(`it does not serve: ${output}`)
      await setTimeout(100)
    }
    const token = /mdx_[\w-]+/.exec(output)?.[0] ?? ''
    const url = `http://127.0.0.1:${port}/api/v1/inference/catalog?limit=1`
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } })
    if (!answer.ok) throw new Error(`it answers ${answer.status}`)
    const { code, said } = await exitOf(health)
    if (code !== 0) throw new Error(`the health check ends with ${code} ${said}`)
    service.kill('SIGTERM')
    const stopped = await Promise.race([ended, setTimeout(STOP_MS, 'not in time')])
    if (stopped !== 0) throw new Error(`it stops with ${stopped}`)
    console.log('it serves as a user of its own in a read-only root, is healthy, and stops when told')
  } finally {
    service.kill('SIGKILL')
  }
}

function exit(child: ReturnType<typeof spawn>): Promise<number | string | null> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)))
}
