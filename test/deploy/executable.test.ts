import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkStructure, type Machine } from '../../deploy/executable.ts'

const FUSE = 'THE_FUSE'
const BLOB = Buffer.from('the program')

/** The head of an ELF file for a machine, by its number. */
function elf(machine: number): Buffer {
  const head = Buffer.alloc(64)
  head.write('\x7fELF', 'latin1')
  head.writeUInt16LE(machine, 18)
  return head
}

/** The head of a PE file, which begins where the first page says. */
function pe(machine: number): Buffer {
  const head = Buffer.alloc(0x100)
  head.write('MZ', 'latin1')
  head.writeUInt32LE(0x80, 0x3c)
  head.write('PE\0\0', 0x80, 'latin1')
  head.writeUInt16LE(machine, 0x84)
  return head
}

const made = (head: Buffer, { fuse = `${FUSE}:1`, blob = BLOB } = {}) =>
  Buffer.concat([head, Buffer.from(fuse), blob])
const check = (file: Buffer, machine: Machine) => checkStructure(file, { machine, fuse: FUSE, blob: BLOB })

describe('the structure of a binary', () => {
  it.each<[Machine, Buffer]>([
    ['ELF x64', elf(0x3e)],
    ['ELF arm64', elf(0xb7)],
    ['PE x64', pe(0x8664)],
  ])('for %s is sound', (machine, head) => {
    expect(() => check(made(head), machine)).not.toThrow()
  })

  it.each<[string, Buffer, RegExp]>([
    ['for another machine', made(elf(0xb7)), /made for ELF arm64, not for ELF x64/],
    ['for another system', made(pe(0x8664)), /made for PE x64/],
    ['for a machine nobody knows', made(elf(1)), /made for undefined/],
    ['that runs as Node', made(elf(0x3e), { fuse: `${FUSE}:0` }), /does not say that a program is inside/],
    ['with a harmed program', made(elf(0x3e), { blob: BLOB.subarray(1) }), /not inside as it was put there/],
  ])('%s is not', (_name, file, message) => {
    expect(() => check(file, 'ELF x64')).toThrow(message)
  })

  it.runIf(process.platform === 'linux')('is told of the Node that runs', () => {
    const wanted: Machine = process.arch === 'arm64' ? 'ELF arm64' : 'ELF x64'
    expect(() => check(readFileSync(process.execPath), wanted)).toThrow(/a program is inside/)
  })
})
