import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeIn, codeOf, projectFiles, ROOT, readPage, rowsUnder } from './markdown.ts'

const files = projectFiles()
const pages = files.filter((path) => path.endsWith('.md') && !path.startsWith('test/'))
const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))

describe('links', () => {
  it.each(pages)('%s leads to files and headings that are there', (path) => {
    const broken = readPage(path).links.filter((target) => !/^https?:/.test(target) && !isThere(path, target))
    expect(broken).toEqual([])
  })

  function isThere(from: string, link: string): boolean {
    const [file = '', anchor] = link.split('#')
    const path = file === '' ? from : normalize(join(dirname(from), file))
    if (!existsSync(join(ROOT, path))) return false
    return anchor === undefined || readPage(path).anchors.has(anchor)
  }
})

describe('SECURITY.md', () => {
  it('names a test for each promise', () => {
    const rows = rowsUnder(readPage('SECURITY.md'), 'What is promised')
    expect(rows.length).toBeGreaterThan(20)
    for (const [promise, shownBy] of rows) {
      const named = codeIn(shownBy).filter((code) => code.includes('/'))
      expect(named.at(-1), promise).toMatch(/^test\/.*\.test\.ts$/)
      for (const path of named) expect(existsSync(join(ROOT, path)), path).toBe(true)
    }
  })
})

describe('docs/decisions', () => {
  it('are numbered in order, each with its number in its title', () => {
    const decisions = pages.filter((path) => path.startsWith('docs/decisions/')).sort()
    expect(decisions.length).toBeGreaterThan(0)
    for (const [index, path] of decisions.entries()) {
      const number = String(index + 1).padStart(3, '0')
      expect(path).toMatch(new RegExp(`/${number}-[a-z0-9-]+\\.md$`))
      expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(new RegExp(`^# ${number}: `))
    }
  })
})

describe('docs/dependencies.md', () => {
  const page = readPage('docs/dependencies.md')

  it.each([
    ['At run time', 'dependencies'],
    ['Node itself', 'optionalDependencies'],
    ['For development', 'devDependencies'],
  ])('%s: lists exactly the %s of package.json', (heading, kind) => {
    const listed = rowsUnder(page, heading).map(([name]) => codeOf(name))
    expect(listed.toSorted()).toEqual(Object.keys(json('package.json')[kind]).toSorted())
  })

  it('counts right what each one brings along', () => {
    for (const heading of ['At run time', 'For development']) {
      for (const [name = '', count] of rowsUnder(page, heading)) {
        expect(`${name} ${count}`).toBe(`${name} ${transitiveCount(codeOf(name) ?? '')}`)
      }
    }
  })

  interface Locked {
    dependencies?: Record<string, string>
  }
  const locked: Record<string, Locked> = json('package-lock.json').packages

  function transitiveCount(name: string): number {
    const seen = new Set<string>()
    const visit = (path: string) => {
      if (seen.has(path)) return
      seen.add(path)
      for (const dependency of Object.keys(locked[path]?.dependencies ?? {}))
        visit(installed(dependency, path))
    }
    visit(installed(name, ''))
    return seen.size - 1
  }

  /** Where a package that stands at `from` finds another: beside itself, else further out. */
  function installed(name: string, from: string): string {
    const path = join(from, 'node_modules', name)
    if (path in locked || from === '') return path
    return installed(name, from.slice(0, Math.max(0, from.lastIndexOf('node_modules') - 1)))
  }
})

describe('the files of the project', () => {
  const LOCAL_PATH = /(?<![\w.:/~-])\/(?:home|root|Users|work|tmp|mnt|private)\/[\w.-]+/
  const REGISTRY = /registry *= *["']?http|\/\/[\w.-]*(?:registry|artifactory|nexus|verdaccio)[\w.-]*/i

  it('name no path of the machine they were written on', () => {
    expect(files.filter((path) => LOCAL_PATH.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([])
  })

  it('name no package registry', () => {
    expect(files.filter((path) => REGISTRY.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([])
  })
})
