import { execFile } from 'node:child_process'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isUsable } from '../docs/installed.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { BIN, runProgram } from './program.ts'

const run = promisify(execFile)
const dir = temporaryFolder()
const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

beforeAll(async () => {
  const db = await seededCatalog()
  const program = join(dir, 'modeldex')
  writeFileSync(program, `#!/bin/sh\nMODELDEX_DB='${db}' exec '${process.execPath}' '${BIN}' "$@"\n`)
  chmodSync(program, 0o755)
  for (const shell of SHELLS) {
    const { stdout, stderr } = await runProgram(['completion', shell])
    expect(stderr).toBe('')
    writeFileSync(join(dir, shell), stdout)
  }
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** How each shell is made to say what it would offer for a line. */
const ASK: Record<Shell, (line: string) => string> = {
  bash: (line) => `source '${dir}/bash'
    COMP_LINE='${line}' COMP_POINT=${line.length}
    _modeldex modeldex; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (
    line,
  ) => `compdef() { :; }; compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@" }
    _files() { print files }; source '${dir}/zsh'
    words=(${line
      .split(' ')
      .map((word) => `'${word}'`)
      .join(' ')}); CURRENT=$#words; _modeldex`,
  fish: (line) => `source '${dir}/fish'; complete -C '${line}' | string replace -r '\\t.*' ''; true`,
}

async function offered(shell: Shell, line: string): Promise<string[]> {
  const { stdout } = await run(shell, ['-c', ASK[shell](line)], {
    env: { PATH: `${dir}:${process.env.PATH}`, HOME: dir },
  })
  const current = line.split(' ').at(-1) ?? ''
  // Zsh and fish choose among what they are given.
  return stdout.split('\n').filter((word) => word !== '' && (shell === 'bash' || word.startsWith(current)))
}

describe.each(SHELLS)('%s completes', (shell) => {
  it.for<[what: string, line: string, words: string[]]>([
    ['commands', 'modeldex se', ['search', 'serve']],
    ['commands below commands', 'modeldex token ', ['create', 'list', 'revoke']],
    ['options', 'modeldex search --ma', ['--max-context', '--max-price']],
    ['words of options', 'modeldex token create --scope ', ['admin', 'read', 'sql']],
    ['words of arguments', 'modeldex completion ', ['bash', 'fish', 'zsh']],
    ['orders', 'modeldex search --sort n', ['name', 'newest']],
    ['formats', 'modeldex export --format a', ['api.json']],
    ['capabilities', 'modeldex search --capability t', ['temperature', 'tool_call']],
    ['modalities', 'modeldex search --input-modality a', ['audio']],
    ['what changes can be', 'modeldex changes --kind re', ['removed', 'renamed', 'returned']],
    ['providers', 'modeldex search --provider openr', ['openreason', 'openrouter']],
    ['the beginning of ids', 'modeldex show moonshotai', ['moonshotai-cn/', 'moonshotai/']],
    ['ids', 'modeldex show moonshotai/kimi-k3', ['moonshotai/kimi-k3']],
    ['the second id too', 'modeldex compare moonshotai/kimi-k3 openai/gpt-5.2-p', ['openai/gpt-5.2-pro']],
    ['nothing where a number stands', 'modeldex search --limit ', []],
  ])('%s', async ([, line, words], { skip }) => {
    if (!(await isUsable(shell))) skip(`${shell} is not installed`)
    expect((await offered(shell, line)).sort()).toEqual(words)
  })
})

it('bash completes the rest of an id behind a colon', async () => {
  const line = 'modeldex show openrouter/deepseek/deepseek-r1:'
  for (const rest of await offered('bash', line)) expect(rest).toMatch(/^[\w-]+$/)
})

it('knows no other shell', async () => {
  const { code, stderr } = await runProgram(['completion', 'tcsh'])
  expect(code).toBe(2)
  expect(stderr).toContain('Allowed choices are bash, zsh, fish')
})
