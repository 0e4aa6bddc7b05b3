/**
 * How `sluice token` and the commands below it are called.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { TokenFlags } from '../actions/token.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/token.ts')

export function tokenCommand(run: Runner): Command {
  return describedCommand(
    'token',
    'Make, list and revoke tokens, with which agents and people log in at a server.',
    [
      {
        command: 'sluice token create laptop --role agent --source hr',
        says: 'for an agent; prints its secret',
      },
      { command: 'sluice token create ada --role operator --expires 90d', says: 'for a person, for a while' },
      { command: 'sluice token revoke laptop', says: 'from now on it is not valid' },
    ],
  )
    .addCommand(withLocal(createCommand(run)))
    .addCommand(withLocal(listCommand(run)))
    .addCommand(withLocal(revokeCommand(run)))
}

function withLocal(command: Command): Command {
  return command.option('--local', 'on the repository itself, even where a server is configured')
}

function createCommand(run: Runner): Command {
  const command = describedCommand('create', 'Make a token. Its secret is printed once and stored nowhere.', [
    { command: 'sluice token create laptop --role agent --source hr', says: 'for an agent of one source' },
    { command: 'sluice token create ada --role operator --expires 90d', says: 'for a person, for a while' },
    {
      command: 'sluice token create root --role admin --local',
      says: 'the first one, where a server is configured',
    },
  ])
    .argument('<NAME>', 'by which it is listed and revoked, such as the name of a machine', parseName)
    .addOption(
      new Option(
        '--role <ROLE>',
        'viewer reads; editor also changes what no source locks; operator reads, approves and rejects; agent delivers its sources; admin may do everything',
      )
        .choices(['viewer', 'editor', 'operator', 'agent', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--source <SOURCE>', 'of an agent: a source it may deliver; may be repeated', collect)
    .addOption(
      new Option(
        '--expires <WHEN>',
        'after such a time as 90d or 12h, or on a day such as 2030-01-31',
      ).argParser((text: string) => parseEnd(text, Date.now())),
    )
    .option('--json', 'print token and secret as one JSON document')
  return command.action((name: string) =>
    run(work, ({ create }, context) => create(context, name, command.optsWithGlobals<TokenFlags>())),
  )
}

function listCommand(run: Runner): Command {
  const command = describedCommand('list', 'List the tokens; their secrets are not stored.', [
    { command: 'sluice token list --json', says: 'for scripts' },
  ]).option('--json', 'print the tokens as one JSON array')
  return command.action(() =>
    run(work, ({ list }, context) => list(context, command.optsWithGlobals<TokenFlags>())),
  )
}

function revokeCommand(run: Runner): Command {
  const command = describedCommand('revoke', 'Revoke a token: requests with it fail from now on.', [
    { command: 'sluice token revoke laptop', says: 'of a machine that is no longer used' },
  ]).argument('<NAME>', 'name of the token')
  return command.action((name: string) =>
    run(work, ({ revoke }, context) => revoke(context, name, command.optsWithGlobals<TokenFlags>())),
  )
}

function parseName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)) return text
  throw new InvalidArgumentError('It must be letters, digits, dots, underscores and hyphens.')
}

function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text]
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** ISO 8601 in UTC. A day is over at its end. */
function parseEnd(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (count !== undefined) return new Date(now + Number(count) * (units[unit] ?? 0)).toISOString()
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T23:59:59Z`) : undefined
  if (day !== undefined && !Number.isNaN(day.getTime())) return day.toISOString()
  throw new InvalidArgumentError('It must be a time such as 90d, 12h or 30m, or a day such as 2030-01-31.')
}
