import { hash } from 'node:crypto'
import type { ChangesPage, ToldChange } from '../history/changes.ts'

interface FeedHead {
  /** What it is about: a feed of other changes is another feed. */
  filters: object
  /** When the newest state came to be: RFC 3339. */
  updated: string
  /** Where it is, as its reader asked for it. */
  self: string
  next: string | undefined
}

/** A page of changes as an Atom 1.0 feed (RFC 4287). */
export function atomFeed({ changes }: ChangesPage, { filters, updated, self, next }: FeedHead): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    '<title>Changes of the model catalog</title>',
    `<id>${uuidOf(JSON.stringify(filters))}</id>`,
    `<updated>${updated}</updated>`,
    '<author><name>modeldex</name></author>',
    `<link rel="self" type="application/atom+xml" href="${escaped(self)}"/>`,
    ...(next === undefined ? [] : [`<link rel="next" href="${escaped(next)}"/>`]),
    ...changes.map(entry),
    '</feed>\n',
  ].join('\n')
}

function entry(change: ChangesPage['changes'][number]): string {
  const { at, version, number, kind, id } = change
  const title = titleOf(change)
  return [
    '<entry>',
    `<title>${escaped(title)}</title>`,
    `<id>${uuidOf(`${at} ${version} ${number}`)}</id>`,
    `<updated>${at}</updated>`,
    `<category term="${kind}"/>`,
    `<category term="${escaped(id)}" scheme="urn:modeldex:id"/>`,
    `<content type="text">${escaped(title)}</content>`,
    '</entry>',
  ].join('\n')
}

/** One line for people. */
function titleOf({ kind, id, field, before, after }: Omit<ToldChange, 'at' | 'version'>): string {
  if (kind === 'changed') return `${id}: ${field} ${shown(before)} → ${shown(after)}`
  return kind === 'renamed' ? `${id}: renamed, was ${shown(before)}` : `${id}: ${kind}`
}

function shown(value: unknown): string {
  if (value === null) return 'nothing'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A UUID made of a text, of the version that leaves its bits to the maker (RFC 9562). */
function uuidOf(text: string): string {
  const digest = hash('sha256', `modeldex ${text}`)
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
  ]
  return `urn:uuid:${parts.join('-')}-${digest.slice(20, 32)}`
}

const MARKS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** What XML 1.0 cannot hold, however it is written. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(UNWRITABLE, '\ufffd')
    .replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark)
}
