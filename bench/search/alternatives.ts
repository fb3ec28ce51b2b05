import Sqlite from 'better-sqlite3'
import Fuse from 'fuse.js'
import MiniSearch from 'minisearch'
import { PAGE } from './judgements.ts'

/** What the alternatives search: an entry's id and its name. */
export interface Document {
  id: string
  name: string
}

/** A way to search: a query's first page of ids. */
export interface Searcher {
  name: string
  search(query: string): string[]
}

/** The alternatives, over the same entries; `documents` are sorted by id, which settles ties. */
export function alternatives(documents: readonly Document[]): Searcher[] {
  return [
    substringSearch(documents),
    fullTextSearch(documents),
    miniSearch(documents, 'OR'),
    miniSearch(documents, 'AND'),
    fuse(documents, false),
    fuse(documents, true),
  ]
}

/** What an afternoon's filter does: every word is a substring of the id or of the name; sorted by id. */
function substringSearch(documents: readonly Document[]): Searcher {
  const lower = documents.map(({ id, name }) => ({ id, texts: [id.toLowerCase(), name.toLowerCase()] }))
  return {
    name: 'substring, by id',
    search(query) {
      const words = wordsOf(query)
      return lower
        .filter(({ texts }) => words.every((word) => texts.some((text) => text.includes(word))))
        .slice(0, PAGE)
        .map(({ id }) => id)
    },
  }
}

/** SQLite's own: each word a phrase, the last one a prefix. */
function fullTextSearch(documents: readonly Document[]): Searcher {
  const db = new Sqlite(':memory:')
  db.exec('CREATE VIRTUAL TABLE entry USING fts5(id, name, tokenize = unicode61)')
  const insert = db.prepare('INSERT INTO entry (id, name) VALUES (?, ?)')
  db.transaction(() => {
    for (const { id, name } of documents) insert.run(id, name)
  })()
  const select = db
    .prepare<[string, number], string>(
      'SELECT id FROM entry WHERE entry MATCH ? ORDER BY rank, rowid LIMIT ?',
    )
    .pluck()
  return {
    name: 'FTS5 bm25',
    search(query) {
      const phrases = wordsOf(query).map((word) => `"${word.replaceAll('"', '""')}"`)
      return select.all(`${phrases.join(' ')} *`, PAGE)
    },
  }
}

function miniSearch(documents: readonly Document[], combineWith: 'AND' | 'OR'): Searcher {
  const index = new MiniSearch<Document>({
    fields: ['id', 'name'],
    searchOptions: { prefix: true, fuzzy: 0.2, combineWith },
  })
  index.addAll(documents)
  return {
    name: combineWith === 'OR' ? 'MiniSearch' : 'MiniSearch, every word',
    search: (query) =>
      index
        .search(query)
        .slice(0, PAGE)
        .map(({ id }) => String(id)),
  }
}

/** `ignoreLocation`, for what is searched for may stand anywhere; `byWord` is what it offers for several words. */
function fuse(documents: readonly Document[], byWord: boolean): Searcher {
  const index = new Fuse(documents, {
    keys: ['id', 'name'],
    ignoreLocation: true,
    ...(byWord ? { useTokenSearch: true, tokenMatch: 'all' } : {}),
  })
  return {
    name: byWord ? 'Fuse.js, every word' : 'Fuse.js',
    search: (query) => index.search(query, { limit: PAGE }).map(({ item }) => item.id),
  }
}

function wordsOf(query: string): string[] {
  return query.toLowerCase().split(/\s+/)
}
