import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutations } from './mutations-list.ts'

/** What is wrong with the list itself: a mutation that no longer meets the service's text, or a name given twice. */
export function rottenMutations(root: string): string[] {
  const names = mutations.map(({ rule }) => rule)
  const doubles = names.filter((rule, at) => names.indexOf(rule) !== at)
  return [
    ...doubles.map((rule) => `${rule}: is there twice`),
    ...mutations.flatMap(({ rule, file, find, replace }) => {
      const times = readFileSync(join(root, file), 'utf8').split(find).length - 1
      if (times !== 1) return [`${rule}: ${file} must hold this once, not ${times} times: ${find}`]
      return find === replace ? [`${rule}: changes nothing`] : []
    }),
  ]
}
