import { readPeriod } from '../catalog/dates.ts'
import { findServed, listServed, type Served } from '../catalog/served.ts'
import type { Database } from '../db/open.ts'

/** What stands for a release date that is unknown, and for a day that never was: seconds since 1970. */
const UNKNOWN_CREATED_S = 0

/** The whole catalog as OpenAI's list of models, in the standing order. */
export function modelList(db: Database): string {
  return JSON.stringify({ object: 'list', data: listServed(db).map(modelObject) })
}

/** One model of that list, found by its full id. */
export function modelText(db: Database, id: string): string | undefined {
  const served = findServed(db, id)
  return served && JSON.stringify(modelObject(served))
}

function modelObject({ id, lab, releaseDate }: Served) {
  return { id, object: 'model', created: createdS(releaseDate), owned_by: lab }
}

/** When the day began, or the month where no day is known: in seconds since 1970, UTC. */
function createdS(releaseDate: string | null): number {
  if (releaseDate === null) return UNKNOWN_CREATED_S
  const day = /^\d{4}-\d{2}$/.test(releaseDate) ? `${releaseDate}-01` : releaseDate
  const period = readPeriod(day)
  return period === undefined ? UNKNOWN_CREATED_S : Math.floor(period.from / 1000)
}
