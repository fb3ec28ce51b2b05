/** A step of a Dockerfile: a word in capitals, and what follows it. */
export interface Instruction {
  name: string
  value: string
}

/** The steps of each stage, without its FROM. */
export function readDockerfile(text: string): Instruction[][] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const stages: Instruction[][] = []
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (name === '') throw new Error(`no instruction: ${line}`)
    if (name === 'FROM') stages.push([])
    else stages.at(-1)?.push({ name, value })
  }
  return stages
}
