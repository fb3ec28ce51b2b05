import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import type { Failure } from './load.ts'
import { expectDone, type Scene, until } from './scene.ts'

/** How long a file stays wrong, in ms. */
const STAY_MS = 500
/** What an answer may cost while the file cannot be read. */
const explains = ({ cause }: Failure) => cause === '500 database_error'

/** What SQLite keeps beside a file that is in use. */
const sidecars = (db: string) => [`${db}-wal`, `${db}-shm`]

export const REPLACED: Fault = {
  name: 'the file is replaced',
  async happen(scene) {
    await expectDone(scene.ingest(scene.nextSource(), { db: `${scene.db}.other` }))
    const [before, next] = [statSync(scene.db).ino, statSync(`${scene.db}.other`).ino]
    for (const sidecar of sidecars(scene.db)) rmSync(sidecar, { force: true })
    renameSync(`${scene.db}.other`, scene.db)
    scene.nextIsIn()
    return [`inode ${before} became ${next}; from then on it was what was answered from`]
  },
}

export const REPLACED_CARELESSLY: Fault = {
  name: 'the file is replaced, what SQLite keeps beside the one before stays',
  explains,
  async happen(scene) {
    // So that the one before has something in its WAL.
    await expectDone(scene.ingest(scene.nextSource()))
    scene.nextIsIn()
    await expectDone(scene.ingest(scene.nextSource(), { db: `${scene.db}.other` }))
    const { size } = statSync(`${scene.db}-wal`)
    renameSync(`${scene.db}.other`, scene.db)
    const said = await unready(scene)
    for (const sidecar of sidecars(scene.db)) rmSync(sidecar, { force: true })
    scene.nextIsIn()
    return [`${size} bytes of another file's WAL lay beside it; ${said}`, await readyAgain(scene)]
  },
}

/** Ways to spoil the file, each with what is there then. */
const SPOILED: readonly [name: string, spoil: (db: string) => string][] = [
  [
    'truncated',
    (db) => {
      truncateSync(db, 4_096)
      return `${statSync(db).size} bytes are left`
    },
  ],
  [
    'emptied',
    (db) => {
      truncateSync(db, 0)
      return `${statSync(db).size} bytes are left`
    },
  ],
  [
    'replaced by garbage',
    (db) => {
      writeFileSync(`${db}.bad`, 'no catalog'.repeat(1_000))
      renameSync(`${db}.bad`, db)
      return `${statSync(db).size} bytes of no catalog are there`
    },
  ],
  [
    'replaced by a folder',
    (db) => {
      rmSync(db)
      mkdirSync(db)
      return statSync(db).isDirectory() ? 'a folder is there' : 'none is there'
    },
  ],
]

export const SPOILED_FILE: readonly Fault[] = SPOILED.map(
  ([name, spoil]): Fault => ({
    name: `the file is ${name}`,
    explains,
    happen: (scene) => whileSpoiled(scene, () => spoil(scene.db)),
  }),
)

export const UNREADABLE: Fault = {
  name: 'the file is made unreadable',
  explains,
  async happen(scene) {
    const { machine, db } = scene
    if (machine.readsAll !== undefined) return { notRun: machine.readsAll }
    // What is open already stays readable: another file takes its place.
    return whileSpoiled(scene, () => {
      copyFileSync(db, `${db}.bad`)
      chmodSync(`${db}.bad`, 0o000)
      machine.give(`${db}.bad`)
      renameSync(`${db}.bad`, db)
      return `mode ${(statSync(db).mode & 0o777).toString(8).padStart(3, '0')}`
    })
  },
}

/** Serves a file that has no WAL beside it, spoils that, and puts a good one back. */
async function whileSpoiled(scene: Scene, spoil: () => string): Promise<string[]> {
  const [whole, good] = [`${scene.db}.whole`, `${scene.db}.good`]
  await expectDone(scene.run(['snapshot', 'export', whole, '--db', scene.db]))
  rmSync(`${whole}.json`)
  copyFileSync(whole, good)
  scene.machine.give(good)
  putInPlace(scene, whole)
  await readyAgain(scene)
  try {
    const seen = spoil()
    return [`${seen}; ${await unready(scene)}`]
  } finally {
    putInPlace(scene, good)
  }
}

function putInPlace({ db }: Scene, file: string): void {
  for (const path of sidecars(db)) rmSync(path, { force: true })
  if (statSync(db).isDirectory()) rmSync(db, { recursive: true })
  renameSync(file, db)
}

/** Gives what the service says while the file cannot be served. */
async function unready(scene: Scene): Promise<string> {
  const said: string[] = []
  await until('the service says so', async () => {
    const { status, body } = await scene.ready()
    if (status === 503) said.push(body)
    return status === 503
  })
  await setTimeout(STAY_MS)
  return `/readyz: 503 ${said[0]}`
}

async function readyAgain(scene: Scene): Promise<string> {
  await until('the service recovers', async () => (await scene.ready()).status === 200)
  return '/readyz: 200 once it was put right'
}
