import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

/** A fenced block and the heading it stands under. */
export interface Block {
  heading: string
  language: string
  text: string
  /** Line of the file, from 1. */
  line: number
}

/** A table: its rows, the header first, each a list of cells as they are written. */
type Table = string[][]

interface Section {
  heading: string
  tables: Table[]
}

export interface Page {
  text: string
  blocks: Block[]
  sections: Section[]
  /** What headings can be linked to by. */
  anchors: Set<string>
  /** Targets of links outside of fenced blocks. */
  links: string[]
}

const FENCE = /^```(\w*)$/
const HEADING = /^#{1,6} +(.*)$/
const LINK = /\]\(([^)\s]+)\)/g

export function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const page: Page = {
    text,
    blocks: [],
    sections: [{ heading: '', tables: [] }],
    anchors: new Set(),
    links: [],
  }
  let block: Block | undefined
  let table: Table | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const heading = page.sections.at(-1)?.heading ?? ''
    const language = FENCE.exec(line)?.[1]
    if (block !== undefined) {
      if (line === '```') block = undefined
      else block.text += `${line}\n`
    } else if (language !== undefined) {
      block = { heading, language, text: '', line: index + 1 }
      page.blocks.push(block)
    } else {
      const title = HEADING.exec(line)?.[1]
      if (title !== undefined) {
        page.sections.push({ heading: title, tables: [] })
        page.anchors.add(anchorOf(title))
      }
      page.links.push(...[...line.matchAll(LINK)].map(([, target = '']) => target))
    }
    if (block !== undefined || !line.startsWith('|')) table = undefined
    else if (table === undefined) {
      table = [cellsOf(line)]
      page.sections.at(-1)?.tables.push(table)
    } else if (!/^[|\s:-]+$/.test(line)) table.push(cellsOf(line))
  }
  return page
}

/** As GitHub makes them. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

/** The only table under a heading, without its header row. */
export function rowsUnder(page: Page, heading: string): string[][] {
  const tables = page.sections
    .filter((section) => section.heading === heading)
    .flatMap(({ tables }) => tables)
  const [table] = tables
  if (tables.length !== 1 || table === undefined) throw new Error(`${tables.length} tables under ${heading}`)
  return table.slice(1)
}

/** All `code` in a cell or text. */
export function codeIn(text = ''): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

/** What a cell says when it is one piece of `code`; undefined where it is blank or a dash. */
export function codeOf(cell = ''): string | undefined {
  return codeIn(cell)[0]
}

const NOT_OURS = new Set(['node_modules', '.git', 'dist', 'data', 'test-results'])

/** Paths of all files of the project, from its root. */
export function projectFiles(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name)
    if (NOT_OURS.has(item.name) || item.name.endsWith('.tgz')) return []
    return item.isDirectory() ? projectFiles(path) : [path]
  })
}
