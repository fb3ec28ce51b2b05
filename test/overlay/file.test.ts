import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ingest } from '../../src/ingest/ingest.ts'
import { workplace } from './files.ts'

test('TOML says the same as JSON', async () => {
  const { db, source, write, held } = workplace()
  const overlay = write(
    'overlay.toml',
    `
deny = ["other"]

[remove]
acme = ["env"]
"acme/m-1" = ["cost.tiers", "knowledge"]

[override.acme.models."m-1"]
release_date = 2026-01-02
cost = { input = 2.5, output = 10 }

[add.own]
name = "Own"
[add.own.models."own/1"]
open_weights = true
limit = { context = 32_768 }
`,
  )
  const report = await ingest({ db, from: source, overlay })
  expect(report).toMatchObject({ providers: 2, models: 5, overlayNotices: [] })
  const { acme, own } = held()
  expect(acme).not.toHaveProperty('env')
  expect(acme?.models['m-1']).toEqual({
    id: 'm-1',
    name: 'm-1',
    cost: { input: 2.5, output: 10, cache_read: 0.3 },
    limit: { context: 200000, output: 64000 },
    modalities: { input: ['text', 'image'], output: ['text'] },
    reasoning: true,
    release_date: '2026-01-02',
  })
  expect(own?.models['own/1']).toEqual({ id: 'own/1', open_weights: true, limit: { context: 32768 } })
})

const m = (model: string) => `{"override": {"acme": {"models": {"m-1": ${model}}}}}`
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

test.each<[what: string, text: string, message: RegExp]>([
  ['an empty file', '', /overlay\.json:1:1: is no JSON: Unexpected end/],
  ['HTML', '<!doctype html>', /overlay\.json:1:1: is no JSON: Unexpected token '<'$/],
  ['a comma too many', '{\n  "deny": ["a",]\n}', /overlay\.json:2:16: is no JSON: Unexpected token ']'$/],
  [
    'a comma too few',
    '{\n  "deny": ["a"]\n  "allow": []\n}',
    /overlay\.json:3:3: is no JSON: Expected ',' or '}' after property value$/,
  ],
  ['half a file', '{\n  "deny": ["a"', /overlay\.json:2:15: is no JSON: /],
  ['a list', '[]', /\n {2}top level: is no object/],
  [
    'models.dev’s own top level',
    '{"acme": {"models": {}}}',
    /\n {2}"acme": is no part of an overlay: those are add,/,
  ],
  ['add that is a list', '{"add": []}', /\n {2}add: is no object/],
  ['a provider that is text', '{"add": {"a": "b"}}', /\n {2}add\.a: is no object/],
  [
    'null to add',
    '{"add": {"a": null, "b": {"models": {"c": null}}}}',
    /add\.a: is no object\n {2}add\.b\.models\.c: .*expected object/,
  ],
  ['an id with a slash', '{"override": {"a/b": null}}', /override\."a\/b": the id holds a slash/],
  [
    'an id with U+0000',
    '{"add": {"a": {"models": {"x\\u0000": {}}}}}',
    /add\.a\.models\."x\\u0000": the id holds U\+0000/,
  ],
  ['an empty id', '{"add": {"a": {"models": {"": {}}}}}', /add\.a\.models\."": the id is empty/],
  [
    'an id of 10 kB',
    `{"add": {"${'x'.repeat(10_000)}": {}}}`,
    /add\."x{80}…": the id has 10000 characters, more than 1024/,
  ],
  [
    'another id than its key',
    m('{"id": "m-2"}'),
    /override\.acme\.models\."m-1"\.id: is not "m-1", under which it stands/,
  ],
  [
    'a price that is text',
    m('{"cost": {"input": "2"}}'),
    /override\.acme\.models\."m-1"\.cost\.input: .*expected number/,
  ],
  ['a limit with a fraction', m('{"limit": {"context": 1.5}}'), /"m-1"\.limit\.context: /],
  [
    'a modality that is no text',
    m('{"modalities": {"input": [1]}}'),
    /"m-1"\.modalities\.input\.0: is no text/,
  ],
  ['a number no double can hold', m('{"x": {"y": 1e999}}'), /"m-1"\.x\.y: is out of range/],
  ['env that is text', '{"override": {"acme": {"env": "KEY"}}}', /override\.acme\.env: .*expected array/],
  [
    'models that are a list',
    '{"override": {"acme": {"models": []}}}',
    /override\.acme\.models: is no object/,
  ],
  ['what is too deep', m(deep(100_000)), /override\.acme\.models: is more than 32 deep/],
  [
    'a key given twice',
    '{\n"deny": ["a"],\n"d\\u0065ny": ["b"]}',
    /overlay\.json:3: "d\\u0065ny" stands in its object twice/,
  ],
  ['deny that is text', '{"deny": "acme"}', /\n {2}deny: is no list/],
  ['a pattern that is none', '{"allow": ["a", "", 1]}', /allow\[1\]: is no id.*\n {2}allow\[2\]: is no id/],
  [
    '257 patterns with a *',
    JSON.stringify({ deny: Array(257).fill('*x') }),
    /have 257 patterns with \*, more than 256/,
  ],
  ['10,001 entries', JSON.stringify({ deny: Array(10_001).fill('x') }), /has 10001 entries, more than 10000/],
  ['remove that is a list', '{"remove": ["acme/m-1"]}', /\n {2}remove: is no object/],
  ['remove of no field', '{"remove": {"acme": []}}', /remove\.acme: is no list of fields/],
  [
    'remove of a blank field',
    '{"remove": {"acme/m-1": ["cost..x"]}}',
    /remove\."acme\/m-1": is no list of fields/,
  ],
  [
    'remove of models',
    '{"remove": {"acme": ["models.m-1"]}}',
    /remove\.acme: cannot remove models: deny them/,
  ],
  [
    'remove of what is set',
    '{"override": {"acme": {"name": "A"}}, "remove": {"acme": ["name"]}}',
    /remove\.acme: name is set by override/,
  ],
  [
    'remove within what is set',
    '{"override": {"acme": {"name": "A"}}, "remove": {"acme": ["name.x"]}}',
    /name\.x is set by override/,
  ],
  [
    'remove within what is removed',
    '{"override": {"acme": null}, "remove": {"acme/m-1": ["name"]}}',
    /is removed as a whole by override/,
  ],
  [
    'remove at no id',
    '{"remove": {"acme/": ["name"], "/x": ["name"]}}',
    /"acme\/": is no id of a provider or model\n.*"\/x": is no id/,
  ],
])('JSON is refused, and nothing changes: %s', async (_what, text, message) => {
  const { db, source, write } = workplace()
  await ingest({ db, from: source })
  const before = readFileSync(db)
  const overlay = write('overlay.json', text)
  await expect(ingest({ db, from: source, overlay })).rejects.toThrow(message)
  expect(readFileSync(db).equals(before)).toBe(true)
})

test.each<[what: string, text: string, message: RegExp]>([
  ['a line that is none', 'deny = ["a"]\nadd', /overlay\.toml:2:\d+: is no TOML: /],
  ['a key given twice', 'deny = []\ndeny = []', /overlay\.toml:2:\d+: is no TOML: /],
  [
    'an infinite number',
    '[override.acme.models.m.cost]\ninput = inf',
    /override\.acme\.models\.m\.cost\.input: is out of range/,
  ],
  [
    'an integer that is no safe one',
    '[override.acme.models.m.limit]\ncontext = 99999999999999999999',
    /is no TOML: /,
  ],
  ['a table where a list is due', '[deny]\nx = 1', /deny: is no list/],
])('TOML is refused: %s', async (_what, text, message) => {
  const { db, source, write } = workplace()
  await expect(ingest({ db, from: source, overlay: write('overlay.toml', text) })).rejects.toThrow(message)
  expect(existsSync(db)).toBe(false)
})

test('all faults are told at once', async () => {
  const { db, source, write } = workplace()
  const overlay = write('overlay.json', { allow: Array(30).fill(1), surprise: 1 })
  await expect(ingest({ db, from: source, overlay })).rejects.toThrow(
    /is no overlay:\n {2}"surprise": .*\n {2}allow\[0\]: (?:.|\n)*\n {2}and 11 more$/,
  )
})

test('a file that is missing, too large or no UTF-8 is named', async () => {
  const { db, source, write, folder } = workplace()
  const load = (overlay: string) => ingest({ db, from: source, overlay })
  await expect(load(join(folder, 'none.json'))).rejects.toThrow(
    /cannot read the overlay .*ENOENT.*none\.json/,
  )
  await expect(load(folder)).rejects.toThrow(/cannot read the overlay/)
  await expect(load(write('overlay.json', ' '.repeat(9_000_000)))).rejects.toThrow(
    /overlay\.json has 9000000 bytes, more than 8388608/,
  )
  await expect(load(write('overlay.json', Buffer.from([0x7b, 0xff, 0x7d])))).rejects.toThrow(
    /cannot read the overlay .*overlay\.json: .*not valid for encoding utf-8/,
  )
  expect(await load(write('overlay.json', '\ufeff{"deny": ["other"]}'))).toMatchObject({ models: 4 })
})

test('a hostile pattern costs no more than its length', async () => {
  const { db, source, write } = workplace()
  const id = 'a'.repeat(1000)
  write('source.json', { acme: { models: { [id]: {}, b: {} } } })
  const overlay = write('overlay.json', { deny: [`acme/${'a*'.repeat(500)}b`] })
  expect(await ingest({ db, from: source, overlay })).toMatchObject({ models: 2 })
})
