/** What a file is made for, by what its first bytes say. */
export type Machine = 'ELF x64' | 'ELF arm64' | 'PE x64'

/** By the number in the header. */
const ELF_MACHINES = new Map<number, Machine>([
  [0x3e, 'ELF x64'],
  [0xb7, 'ELF arm64'],
])
const PE_MACHINES = new Map<number, Machine>([[0x8664, 'PE x64']])

const ELF_MAGIC = '\x7fELF'
const ELF_MACHINE_OFFSET = 18
const PE_HEADER_OFFSET_OFFSET = 0x3c
const PE_MAGIC = 'PE\0\0'

/** @throws Error where a file is not what it should be, which shows without running it */
export function checkStructure(
  file: Buffer,
  expected: { machine: Machine; fuse: string; blob: Buffer },
): void {
  const machine = machineOf(file)
  if (machine !== expected.machine) throw new Error(`made for ${machine}, not for ${expected.machine}`)
  if (!file.includes(`${expected.fuse}:1`)) throw new Error('it does not say that a program is inside')
  if (!file.includes(expected.blob)) throw new Error('the program is not inside as it was put there')
}

function machineOf(file: Buffer): Machine | undefined {
  if (file.toString('latin1', 0, ELF_MAGIC.length) === ELF_MAGIC) {
    return ELF_MACHINES.get(file.readUInt16LE(ELF_MACHINE_OFFSET))
  }
  const header = file.readUInt32LE(PE_HEADER_OFFSET_OFFSET)
  if (file.toString('latin1', header, header + PE_MAGIC.length) !== PE_MAGIC) return undefined
  return PE_MACHINES.get(file.readUInt16LE(header + PE_MAGIC.length))
}
