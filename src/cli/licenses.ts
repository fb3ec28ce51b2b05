import { Command } from 'commander'
import { AppError } from '../errors.ts'
import { isBinary, readProgramFile } from '../program/files.ts'

export function licensesCommand(): Command {
  return new Command('licenses')
    .description('print the licences of all that the single binary has inside')
    .action(() => {
      if (!isBinary) {
        throw new AppError('invalid', 'nothing is inside this modeldex: each package brings its own licence')
      }
      process.stdout.write(readProgramFile('dist/licenses.txt'))
    })
}
