import { expect, it, onTestFinished } from 'vitest'
import { keptDocuments } from '../../src/formats/kept-documents.ts'

const MIB = 1024 * 1024

/** Documents over a catalog whose content is set by hand, with a list of what was started. */
function documentsOf(bytes = 1) {
  const started: string[] = []
  const contentOf = (version: string) => ({ version, providers: 1, models: 1 })
  const catalog = { now: contentOf('0'), summary: () => catalog.now }
  const faults: Error[] = []
  const make = async (name: string) => {
    const fault = faults.pop()
    if (fault !== undefined) throw fault
    const body = new Uint8Array(bytes)
    return { version: catalog.now.version, digest: name, bodies: { identity: body, gzip: body, br: body } }
  }
  const documents = keptDocuments(catalog, (name) => {
    started.push(name)
    return { result: make(name), stop: async () => {} }
  })
  return { documents, catalog, contentOf, started, faults }
}

it('makes a document once for all who ask, and keeps it', async () => {
  const { documents, started } = documentsOf()
  const [first, second] = await Promise.all([documents.current('api.json'), documents.current('api.json')])
  expect(first).toBe(second)
  expect(await documents.current('api.json')).toBe(first)
  expect(started).toEqual(['api.json'])
})

it('makes it anew when the catalog has changed, also while it was being made', async () => {
  const { documents, catalog, contentOf, started } = documentsOf()
  const early = documents.current('api.json')
  catalog.now = contentOf('1')
  const [, late] = await Promise.all([early, documents.current('api.json')])
  expect(late.version).toBe('1')
  expect(await documents.current('api.json')).toBe(late)
  expect(started).toEqual(['api.json', 'api.json'])
})

it('makes what was asked for of the next catalog before anybody asks, and no longer where nobody does', async () => {
  const { documents, catalog, contentOf, started } = documentsOf()
  onTestFinished(() => documents.close())
  await documents.current('api.json')
  catalog.now = contentOf('1')
  await expect.poll(() => started).toEqual(['api.json', 'api.json'])
  catalog.now = contentOf('2')
  expect((await documents.current('models.json')).version).toBe('2')
  expect(started).toEqual(['api.json', 'api.json', 'models.json'])
})

it('keeps at most so many bytes, the last one in any case', async () => {
  const { documents, started } = documentsOf(10 * MIB)
  await documents.current('api.json')
  await documents.current('models.json')
  await documents.current('api.json')
  await documents.current('catalog.json')
  await documents.current('api.json')
  await documents.current('models.json')
  expect(started).toEqual(['api.json', 'models.json', 'catalog.json', 'models.json'])
  const large = documentsOf(100 * MIB)
  await large.documents.current('api.json')
  await large.documents.current('api.json')
  expect(large.started).toEqual(['api.json'])
})

it('tries again after a failure, and tells of it without its cause', async () => {
  const { documents, faults } = documentsOf()
  faults.push(new Error('disk'))
  await expect(documents.current('api.json')).rejects.toMatchObject({
    code: 'internal',
    message: 'The document api.json cannot be made',
  })
  expect((await documents.current('api.json')).digest).toBe('api.json')
})

it('starts nothing once it is closed', async () => {
  const { documents, started } = documentsOf()
  await documents.close()
  await expect(documents.current('api.json')).rejects.toThrow('stopping')
  expect(started).toEqual([])
})
