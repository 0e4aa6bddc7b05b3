/**
 * `sluice token`: who may talk to the servers of this repository.
 *
 * Works on the repository itself, so that the first token can be made by whoever owns it; or through a server,
 * for an administrator elsewhere.
 *
 * @module
 */
import { openTokens, type Token, type Tokens } from '@sluice/project'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { describedCommand, type Runner } from '../command.ts'
import { type Context, type GlobalOptions, orEmpty, projectPath, serverOf, sqlOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatInstant } from '../output/quantities.ts'
import { type RecordColumn, writeRecords } from '../output/records.ts'

interface TokenFlags extends GlobalOptions {
  readonly role: Token['role']
  readonly source?: readonly string[]
  readonly expires?: string
  readonly json?: boolean
  readonly local?: boolean
}

export function tokenCommand(run: Runner): Command {
  return describedCommand('token', 'Make, list and revoke the tokens by which servers know who asks.', [
    {
      command: 'sluice token create laptop --role agent --source hr',
      says: 'for an agent; prints its secret',
    },
    { command: 'sluice token create ada --role operator --expires 90d', says: 'for a person, for a while' },
    { command: 'sluice token revoke laptop', says: 'from now on it is unknown' },
  ])
    .addCommand(withLocal(createCommand(run)))
    .addCommand(withLocal(listCommand(run)))
    .addCommand(withLocal(revokeCommand(run)))
}

function withLocal(command: Command): Command {
  return command.option('--local', 'on the repository itself, even where a server is configured')
}

function createCommand(run: Runner): Command {
  const command = describedCommand('create', 'Make a token. Its secret is printed once and kept nowhere.', [
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
        'viewer reads; operator also approves and rejects; agent delivers its sources; admin may everything',
      )
        .choices(['viewer', 'operator', 'agent', 'admin'])
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
    run((context) => create(context, name, command.optsWithGlobals<TokenFlags>())),
  )
}

function listCommand(run: Runner): Command {
  const command = describedCommand('list', 'List the tokens there are; their secrets are not known.', [
    { command: 'sluice token list --json', says: 'for scripts' },
  ]).option('--json', 'print the tokens as one JSON array')
  return command.action(() => run((context) => list(context, command.optsWithGlobals<TokenFlags>())))
}

function revokeCommand(run: Runner): Command {
  const command = describedCommand('revoke', 'Revoke a token: requests with it fail from now on.', [
    { command: 'sluice token revoke laptop', says: 'of a machine that is gone' },
  ]).argument('<NAME>', 'name of the token')
  return command.action((name: string) =>
    run((context) => revoke(context, name, command.optsWithGlobals<TokenFlags>())),
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

function tokensOf(context: Context, flags: TokenFlags): Promise<Tokens> {
  const { local } = flags
  return openTokens(projectPath(context, flags), {
    ...serverOf(context, flags),
    ...orEmpty(flags),
    local,
    onStatement: sqlOf(context, flags),
  })
}

async function create(context: Context, name: string, flags: TokenFlags): Promise<ExitStatus> {
  await using tokens = await tokensOf(context, flags)
  const { role, source = [], expires } = flags
  const wanted = {
    name,
    role,
    sources: [...source],
    ...(expires === undefined ? {} : { expiresAt: expires }),
  }
  const made = await tokens.create(wanted, context.user)
  if (flags.json === true) await context.out.line(JSON.stringify(made, undefined, 2))
  else {
    await context.err.line(`${sentenceOf(made.token)} This is its secret, shown only now:`)
    await context.out.line(made.secret)
  }
  return exitStatus.done
}

function sentenceOf({ name, role, sources, expiresAt }: Token): string {
  const reach = sources.length === 0 ? '' : ` for ${sources.join(', ')}`
  const end = expiresAt === null ? '' : ` until ${formatInstant(expiresAt)} UTC`
  return `Token ${name} is made: ${role}${reach}${end}.`
}

const columns: readonly RecordColumn[] = [
  { name: 'name', title: 'name' },
  { name: 'role', title: 'role' },
  { name: 'sources', title: 'sources' },
  { name: 'created', title: 'created (UTC)' },
  { name: 'createdBy', title: 'by' },
  { name: 'expires', title: 'expires' },
  { name: 'used', title: 'last used' },
]

async function list(context: Context, flags: TokenFlags): Promise<ExitStatus> {
  await using open = await tokensOf(context, flags)
  const tokens = await open.list()
  if (flags.json === true) await context.out.line(JSON.stringify(tokens, undefined, 2))
  else if (tokens.length === 0) await context.err.line('No token yet. `sluice token create` makes one.')
  else await writeRecords(context.out, 'table', columns, tokens.map(lineOf))
  return exitStatus.done
}

function lineOf({ name, role, sources, createdAt, createdBy, expiresAt, lastUsedAt }: Token) {
  return {
    name,
    role,
    sources: sources.length === 0 ? 'all' : sources.join(', '),
    created: formatInstant(createdAt),
    createdBy,
    expires: endOf(expiresAt),
    used: lastUsedAt === null ? 'never' : formatInstant(lastUsedAt),
  }
}

function endOf(expiresAt: string | null): string {
  if (expiresAt === null) return 'never'
  return Date.parse(expiresAt) <= Date.now()
    ? `over since ${formatInstant(expiresAt)}`
    : formatInstant(expiresAt)
}

async function revoke(context: Context, name: string, flags: TokenFlags): Promise<ExitStatus> {
  await using tokens = await tokensOf(context, flags)
  await tokens.revoke(name)
  await context.out.line(`Token ${name} is revoked; requests with it fail from now on.`)
  return exitStatus.done
}
