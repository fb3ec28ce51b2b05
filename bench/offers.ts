import { canonicalOf } from '../src/ingest/offered-models.ts'
import { figuresOfAllHidden, figuresOfHiddenOnes, type RuleFigures, readKnown } from './offers/figures.ts'

/** Prints how often the rules that tell which model an entry is an offer of are right, held against what upstream says. */
const known = await readKnown()
const told = known.filter(({ entry }) => canonicalOf(entry) !== undefined).length
print(
  `${known.length.toLocaleString('en-US')} entries; upstream names the model of ${told.toLocaleString('en-US')}\n`,
)
printFigures('Hidden for one entry after the other', figuresOfHiddenOnes(known))
printFigures('Hidden for all at once', figuresOfAllHidden(known))

function printFigures(title: string, figures: readonly RuleFigures[]): void {
  const allRight = figures.reduce((sum, { right }) => sum + right, 0)
  print(
    `${title}: recall ${(allRight / told).toFixed(4)}\n${'rule'.padEnd(20)}${'told'.padStart(6)}${'right'.padStart(7)}  precision`,
  )
  for (const { rule, told, right } of figures.filter((each) => each.told > 0)) {
    print(
      `${rule.padEnd(20)}${String(told).padStart(6)}${String(right).padStart(7)}  ${(right / told).toFixed(4)}`,
    )
  }
  print('')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
