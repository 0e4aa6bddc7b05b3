/**
 * `sluice token`: who may talk to the servers of this repository.
 *
 * Works on the repository itself, so that the first token can be made by whoever owns it; or through a server,
 * for an administrator elsewhere.
 *
 * @module
 */
import { openTokens, type Token, type Tokens } from '@sluice/project'
import { type Context, type GlobalOptions, orEmpty, serverOf, sqlOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatInstant } from '../output/quantities.ts'
import { type RecordColumn, writeRecords } from '../output/records.ts'
import { projectPath } from '../project-path.ts'

export interface TokenFlags extends GlobalOptions {
  readonly role: Token['role']
  readonly source?: readonly string[]
  readonly expires?: string
  readonly json?: boolean
  readonly local?: boolean
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

export async function create(context: Context, name: string, flags: TokenFlags): Promise<ExitStatus> {
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

export async function list(context: Context, flags: TokenFlags): Promise<ExitStatus> {
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
    ? `expired on ${formatInstant(expiresAt)}`
    : formatInstant(expiresAt)
}

export async function revoke(context: Context, name: string, flags: TokenFlags): Promise<ExitStatus> {
  await using tokens = await tokensOf(context, flags)
  await tokens.revoke(name, context.user)
  await context.out.line(`Token ${name} is revoked; requests with it fail from now on.`)
  return exitStatus.done
}
