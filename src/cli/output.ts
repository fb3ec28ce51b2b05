/** JSON on lines of its own. What a terminal would obey stands escaped in it. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2).replace(/[\x7f-\x9f]/g, (character) => {
    return `\\u00${character.charCodeAt(0).toString(16)}`
  })
  process.stdout.write(`${text}\n`)
}
