import { Command, Option } from 'commander'
import { AppError, UsageError } from '../errors.ts'
import { SCOPES, type Scope } from '../http/scopes.ts'
import { newToken, readTokenFile, type TokenRecord, updateTokenFile } from '../http/token-file.ts'
import { readExpiry } from './expiry.ts'
import { addSettings, configOf } from './settings.ts'
import { tableOf } from './table.ts'

const TOKEN_NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/

export function tokenCommand(): Command {
  return new Command('token')
    .description('make, list and revoke the tokens that clients present')
    .addCommand(addSettings(createCommand(), ['tokensFile']))
    .addCommand(addSettings(listCommand(), ['tokensFile']))
    .addCommand(addSettings(revokeCommand(), ['tokensFile']))
}

function createCommand(): Command {
  return new Command('create')
    .description('make a token and print it, this once')
    .argument('<name>', 'what to call it: letters, digits and ._@-')
    .addOption(
      new Option('--scope <scope>', 'what it may do, each scope including those before')
        .choices(SCOPES)
        .default('read'),
    )
    .option('--expires <when>', 'a time from now such as 30d or 12h, or a date (default: never)')
    .action(async (name: string, options: { scope: Scope; expires?: string }, command: Command) => {
      if (!TOKEN_NAME.test(name)) {
        throw new UsageError(`${JSON.stringify(name)} is no token name: 1 to 64 letters, digits and ._@-`)
      }
      const now = new Date()
      const expires = options.expires === undefined ? undefined : readExpiry(options.expires, now)
      const { tokensFile } = configOf(command).config
      const { text, record } = newToken(name, options.scope, now, expires)
      await updateTokenFile(tokensFile, (records) => {
        if (records.some((known) => known.name === name)) {
          throw new AppError(
            'conflict',
            `there is a token named ${name} already: revoke it first, or take another name`,
          )
        }
        return [...records, record]
      })
      process.stdout.write(`${text}\n`)
      process.stderr.write(`Made token ${name}, scope ${options.scope}. It is not shown again.\n`)
    })
}

function listCommand(): Command {
  return new Command('list')
    .description('list the tokens, without their texts')
    .option('--json', 'as JSON')
    .action((options: { json?: true }, command: Command) => {
      const records = readTokenFile(configOf(command).config.tokensFile).map(
        ({ sha256: _, ...shown }) => shown,
      )
      process.stdout.write(
        options.json ? `${JSON.stringify(records, null, 2)}\n` : asTable(records, new Date()),
      )
    })
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('take a token back; a running server refuses it at once')
    .argument('<name>', 'which one')
    .action(async (name: string, _options: object, command: Command) => {
      const { tokensFile } = configOf(command).config
      await updateTokenFile(tokensFile, (records) => {
        const kept = records.filter((record) => record.name !== name)
        if (kept.length === records.length)
          throw new AppError('not_found', `there is no token named ${name} in ${tokensFile}`)
        return kept
      })
      process.stderr.write(`Revoked token ${name}.\n`)
    })
}

function asTable(records: readonly Omit<TokenRecord, 'sha256'>[], now: Date): string {
  const rows = [
    ['NAME', 'SCOPE', 'CREATED', 'EXPIRES'],
    ...records.map(({ name, scope, created_at, expires_at }) => {
      const isExpired = expires_at !== null && Date.parse(expires_at) <= now.getTime()
      return [name, scope, created_at, `${expires_at ?? 'never'}${isExpired ? ' (expired)' : ''}`]
    }),
  ]
  return tableOf(rows)
}
