/**
 * `sluice matches`: rows of sources that several resources match, and what people decide of them.
 *
 * @module
 */
import { type MatchDecision, type MatchedRow, type MatchState, newDecisionSchema } from '@sluice/model'
import {
  type DecidedMatches,
  type MatchRecord,
  type NewDecision,
  NoSuchMatchError,
  type Project,
} from '@sluice/project'
import { anyProjectOf, type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { describeDecision, describeDoubt, describeMatch, formatMatch } from '../output/match.ts'
import { formatInstant } from '../output/quantities.ts'
import { type Cells, type RecordColumn, withoutCursor } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { showFound } from './show-found.ts'

export interface MatchesFlags extends GlobalOptions, RecordFlags {
  readonly state?: readonly MatchState[]
}

export interface ShowFlags extends GlobalOptions {
  readonly json?: boolean
}

export interface DecideFlags extends GlobalOptions {
  readonly link?: string
  readonly create?: boolean
  readonly ignore?: boolean
  readonly all?: boolean
  readonly comment?: string
  readonly json?: boolean
}

/** Rows of a mapping; `keys` may be empty where all of them are meant. */
export interface GivenRows {
  readonly source: string
  readonly type: string
  readonly keys: readonly string[]
}

const listColumns: readonly RecordColumn[] = [
  { name: 'source', title: 'source' },
  { name: 'entityType', title: 'type' },
  { name: 'key', title: 'key' },
  { name: 'state', title: 'state' },
  { name: 'found', title: 'found' },
  { name: 'candidates', title: 'resources' },
  { name: 'decided', title: 'decided' },
  { name: 'since', title: 'since (UTC)' },
]
const wholeColumns: readonly RecordColumn[] = [
  ...['source', 'entityType', 'key', 'state', 'since', 'run', 'rule', 'matched', 'count', 'candidates'],
  ...['decision', 'resource', 'by', 'decidedAt', 'comment'],
].map((name) => ({ name, title: name }))

export async function list(
  context: Context,
  source: string | undefined,
  flags: MatchesFlags,
): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const { state = ['waiting'] } = flags
  const isTable = shapeOf(flags) === 'table'
  await showFound(context, flags, {
    records: repository.matches({ source, state, limit: readLimit(flags) }),
    columns: isTable ? listColumns : wholeColumns,
    cells: isTable ? forPeople : withoutCursor,
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none: flags.state === undefined ? 'No row waits for a decision.' : 'There is none.',
  })
  return exitStatus.done
}

async function* forPeople(records: AsyncIterable<MatchRecord>): AsyncGenerator<Cells> {
  for await (const record of records) {
    const { source, entityType, key, state, candidates, count, since } = record
    const others = count > candidates.length ? ', …' : ''
    yield {
      source,
      entityType,
      key,
      state,
      found: describeDoubt(record),
      candidates: `${candidates.map((id) => `#${id}`).join(', ')}${others}`,
      decided: describeDecision(record),
      since: formatInstant(since),
    }
  }
}

export async function show(context: Context, row: MatchedRow, flags: ShowFlags): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const found = await repository.match(row)
  if (found === undefined) throw new NoSuchMatchError(row)
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify(found, undefined, 2))
  else await out.line(formatMatch(found, out.colors, out.width).join('\n'))
  return exitStatus.done
}

export async function decide(context: Context, given: GivenRows, flags: DecideFlags): Promise<ExitStatus> {
  const decision = decisionOf(flags)
  await using project = await anyProjectOf(context, flags)
  const rows = await rowsOf(project, given, flags, ['waiting'])
  if (rows.length === 0) {
    await context.err.line('No row waits for a decision.')
    return exitStatus.done
  }
  const decisions = rows.map((row): NewDecision => ({ ...row, ...decision }))
  return await print(context, await project.decideMatches(decisions, { comment: flags.comment }), flags)
}

export async function undo(context: Context, given: GivenRows, flags: DecideFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const rows = await rowsOf(project, given, flags, ['decided', 'applied'])
  if (rows.length === 0) {
    await context.err.line('Nothing was decided.')
    return exitStatus.done
  }
  return await print(context, await project.undoMatches(rows, { comment: flags.comment }), flags)
}

async function rowsOf(
  { repository }: Project,
  { source, type: entityType, keys }: GivenRows,
  { all }: DecideFlags,
  state: readonly MatchState[],
): Promise<readonly MatchedRow[]> {
  if ((all === true) === keys.length > 0)
    throw new WrongUsageError('Which rows?', 'Give the keys of rows, or --all.')
  if (all !== true) return [...new Set(keys)].map((key) => ({ source, entityType, key }))
  const rows: MatchedRow[] = []
  for await (const record of repository.matches({ source, state }))
    if (record.entityType === entityType) rows.push({ source, entityType, key: record.key })
  return rows
}

function decisionOf({ link, create, ignore }: DecideFlags): {
  readonly decision: MatchDecision
  readonly resource?: string | undefined
} {
  if ([link !== undefined, create === true, ignore === true].filter(Boolean).length !== 1)
    throw new WrongUsageError('Which decision?', 'Give --link ID, --create or --ignore.')
  if (link === undefined) return { decision: create === true ? 'create' : 'ignore' }
  const resource = link.replace(/^#/, '')
  if (!newDecisionSchema.shape.resource.safeParse(resource).success)
    throw new WrongUsageError(
      `"${link}" is not the id of a resource.`,
      'Give one of the ids that `sluice matches` lists after --link.',
    )
  return { decision: 'link', resource }
}

async function print(
  { out, err }: Context,
  { matches, reports }: DecidedMatches,
  { json }: DecideFlags,
): Promise<ExitStatus> {
  if (json === true) {
    await out.line(JSON.stringify({ matches, reports }, undefined, 2))
    return exitStatus.done
  }
  for (const record of matches) await out.line(describeMatch(record, out.width))
  for (const { run, source } of reports) await err.line(`Run ${run} of ${source} is applied.`)
  const done = new Set(reports.map(({ source }) => source))
  const later = new Set(matches.map(({ source }) => source).filter((source) => !done.has(source)))
  for (const source of later) await err.line(`The next run of ${source} applies the decision.`)
  return exitStatus.done
}
