import { describe, expect, test } from 'vitest'
import { runProgram } from '../cli/program.ts'
import { readPage } from '../docs/markdown.ts'
import { workplace } from './files.ts'

const OVERLAY = {
  override: {
    acme: {
      models: { 'm-1': { cost: { input: 2, tiers: null }, knowlege: '2025-02' }, gone: { name: 'Gone' } },
    },
  },
  add: { own: { models: { a: { id: 'a', name: 'A', cost: { per_image: 1 } } } } },
  deny: ['other', '*/nothing-*'],
}

describe('overlay check', () => {
  test('tells what the overlay would do, and warns of what is hardly meant', async () => {
    const { ingest, db, write } = workplace()
    await ingest()
    const file = write('new.json', OVERLAY)
    const { code, stdout, stderr } = await runProgram(['overlay', 'check', file, '--db', db])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${file}: well-formed; adds 1, changes 1, takes out 2 of the models in ${db}\n`,
    })
    expect(stderr.split('\n')).toEqual([
      'warning: override acme/gone: upstream has no such model',
      'warning: deny */nothing-*: names nothing that upstream has',
      'warning: add own/a: cost.per_image: a field that nothing in the catalog has',
      'warning: override acme/m-1: knowlege: a field that nothing in the catalog has',
      '',
    ])
  })

  test('looks at what upstream sent, whatever overlay the catalog was made with', async () => {
    const { ingest, db, write } = workplace()
    await ingest({ deny: ['acme'] })
    const file = write('new.json', { allow: ['nobody'], add: OVERLAY.add })
    const { stdout, stderr } = await runProgram(['overlay', 'check', file, '--db', db])
    expect(stdout).toContain('adds 1, changes 0, takes out 6 of')
    expect(stderr).toContain('warning: allow: leaves nothing of upstream\n')
  })

  test('does without a catalog', async () => {
    const { folder, db, write } = workplace()
    const file = write('new.toml', 'deny = ["x"]')
    expect(await runProgram(['overlay', 'check', file, '--db', db], { cwd: folder })).toEqual({
      code: 0,
      stdout: `${file}: well-formed; not held against a catalog: ${db} holds none\n`,
      stderr: '',
    })
  })

  test('exits with 1 and names every fault with its place', async () => {
    const { db, write } = workplace()
    const file = write('new.json', { deny: ['', 1], surprise: {} })
    const { code, stdout, stderr } = await runProgram(['overlay', 'check', file, '--db', db])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')).toEqual([
      `modeldex: ${file} is no overlay:`,
      '  "surprise": is no part of an overlay: those are add, override, remove, allow, deny',
      '  deny[0]: is no id, and no pattern such as provider/*-preview',
      '  deny[1]: is no id, and no pattern such as provider/*-preview',
      '',
    ])
  })
})

describe('overlay show', () => {
  const show = async (id: string) => {
    const { ingest, db } = workplace()
    await ingest(OVERLAY)
    return runProgram(['overlay', 'show', id, '--db', db])
  }

  test.each<[id: string, stdout: string]>([
    [
      'acme/m-1',
      [
        'acme/m-1: changed by the overlay',
        'field       overlay    upstream',
        'cost.input  2          3',
        'cost.tiers  -          [{"input":6,"output":30,"tier":{"size":200000,"type":"context"}}]',
        'knowlege    "2025-02"  -\n',
      ].join('\n'),
    ],
    [
      'own/a',
      [
        'own/a: added by the overlay',
        'field           overlay  upstream',
        'cost.per_image  1        -',
        'id              "a"      -',
        'name            "A"      -\n',
      ].join('\n'),
    ],
    ['own', 'own: added by the overlay\n'],
    ['other/x', 'other/x: taken out by the overlay\n'],
    ['other', 'other: taken out by the overlay\n'],
    ['acme/m-2', "acme/m-2: all of it is upstream's\n"],
    ['acme', "acme: all of it is upstream's\n"],
  ])('%s', async (id, stdout) => {
    expect(await show(id)).toEqual({ code: 0, stdout, stderr: '' })
  })

  test('an id that nobody has is an error', async () => {
    expect(await show('acme/none')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has no acme\/none\n$/),
    })
  })
})

test('ingest takes the overlay, and reports what meets nothing', async () => {
  const { db, source, write } = workplace()
  const file = write('overlay.json', OVERLAY)
  const env = { MODELDEX_OVERLAY: file }
  const { code, stdout, stderr } = await runProgram(['ingest', '--from', source, '--db', db], { env })
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'overlay: override acme/gone: upstream has no such model\n',
  })
  expect(stdout).toContain(': 5 models of 2 providers from ')
  const none = await runProgram(['ingest', '--from', source, '--db', db])
  expect(none.stderr).toBe('overlay: none is configured: what the last one did is undone\n')
  const flag = await runProgram(
    ['ingest', '--from', source, '--db', db, '--overlay', write('empty.json', {})],
    { env },
  )
  expect(flag).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining(': 6 models of 2 providers'),
  })
})

test('serve is refused where the overlay is no overlay', async () => {
  const { ingest, db, write, folder } = workplace()
  await ingest()
  const args = ['serve', '--db', db, '--port', '0', '--overlay', write('overlay.json', { deny: 1 })]
  const { code, stdout, stderr } = await runProgram(args, { cwd: folder })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/overlay\.json is no overlay:\n {2}deny: is no list\n$/)
})

test('the example of the documentation has the effect that it is to have', async () => {
  const { seed, db, write } = workplace()
  await seed()
  const example = readPage('docs/overlay.md').blocks.find(({ language }) => language === 'json')
  const file = write('example.json', example?.text)
  const { stdout, stderr } = await runProgram(['overlay', 'check', file, '--db', db])
  expect(stderr).toBe('')
  expect(stdout).toMatch(/adds 1, changes 1, takes out \d{4} of/)
})
