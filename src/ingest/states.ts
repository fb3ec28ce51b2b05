import { inserter, type RowOf } from '../db/insert.ts'
import type { Database } from '../db/open.ts'
import { canonicalJson } from './canonical.ts'
import type { Change } from './changes.ts'
import { idOf, readSubjects } from './subjects.ts'

/** A state of the catalog, as it is to be recorded. */
type NewState = Omit<RowOf<'state'>, 'seq' | 'lastChange'>

/** Records a state and what it changed, in the reading order of {@link Change}s. */
export type RecordState = (state: NewState, changes: readonly Change[]) => void

/** Records states one after the other, in the caller's transaction. */
export function stateRecorder(db: Database): RecordState {
  const keyOf = subjectKeys(db)
  const insertState = inserter(db, 'state')
  const insertChanges = inserter(db, 'change')
  let last = db
    .prepare<[], { seq: number; at: string; lastChange: number }>(
      'SELECT seq, at, last_change AS lastChange FROM state ORDER BY seq DESC LIMIT 1',
    )
    .get() ?? { seq: 0, at: '', lastChange: 0 }
  return (state, changes) => {
    const seq = last.seq + 1
    const lastChange = last.lastChange + changes.length
    const rows = changes.map((change, place) => ({
      id: lastChange - place,
      state: seq,
      subject: keyOf(change),
      kind: change.kind,
      field: change.field ?? null,
      before: jsonOf(change.before),
      after: jsonOf(change.after),
    }))
    insertChanges(rows.reverse())
    // A clock that was set back must not put a state before its predecessor.
    last = { seq, at: state.at > last.at ? state.at : last.at, lastChange }
    insertState([{ ...state, ...last }])
  }
}

/** Finds or makes the key of what a change is about; a renamed model keeps its own. */
function subjectKeys(db: Database): (change: Change) => number {
  const keys = readSubjects(db)
  const insert = inserter(db, 'subject')
  const rename = db.prepare('UPDATE subject SET provider = ?, model_id = ? WHERE id = ?')
  let highest = keys.values().reduce((most, key) => Math.max(most, key), 0)
  return ({ kind, provider, modelId, before }) => {
    const id = idOf(provider, modelId)
    const held = keys.get(kind === 'renamed' ? String(before) : id)
    const key = held ?? ++highest
    if (held === undefined) insert([{ id: key, provider, modelId, lowerId: id.toLowerCase() }])
    else if (kind === 'renamed') {
      keys.delete(String(before))
      rename.run(provider, modelId, key)
    }
    keys.set(id, key)
    return key
  }
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : canonicalJson(value)
}
