/**
 * `sluice source list`, `show`, `apply`, `delete` and `rename`: where sources are defined, and those that are kept in the repository.
 *
 * @module
 */
import { resolve } from 'node:path'
import {
  type DescribedSource,
  describeSuspension,
  printable,
  type ResourceFate,
  type SourceChange,
  type SourceHoldings,
  type SourceRecord,
} from '@sluice/model'
import type { Sources } from '@sluice/project'
import { type Context, type GlobalOptions, sourcesOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledHere } from '../language.ts'
import { describeBy } from '../output/describe-by.ts'
import { formatInstant, formatNumberOf } from '../output/quantities.ts'
import { type RecordColumn, writeRecords } from '../output/records.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { readNamedFile } from './read-named-file.ts'
import { statusOf } from './sync.ts'
import { writePlan, writeReport } from './write-run.ts'

export interface DefinitionFlags extends GlobalOptions {
  readonly json?: boolean
}

export interface ShowFlags extends DefinitionFlags {
  readonly history?: boolean
}

export interface ApplyFlags extends DefinitionFlags {
  readonly dryRun?: boolean
  readonly allowLoss?: boolean
}

export interface DeleteFlags extends DefinitionFlags {
  readonly resources?: ResourceFate
  readonly dryRun?: boolean
  readonly force?: boolean
}

const listColumns: readonly RecordColumn[] = [
  { name: 'name', title: 'source' },
  { name: 'defined', title: 'defined in' },
  { name: 'kind', title: 'kind' },
  { name: 'mode', title: 'mode' },
  { name: 'status', title: 'status' },
  { name: 'owner', title: 'owner' },
  { name: 'types', title: 'fills' },
  { name: 'replicas', title: 'rows', align: 'right' },
  { name: 'resources', title: 'resources', align: 'right' },
  { name: 'last', title: 'last run' },
]

export async function list(context: Context, flags: DefinitionFlags): Promise<ExitStatus> {
  await using sources = await sourcesOf(context, flags)
  const records = await sources.list()
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify(records, undefined, 2))
  else if (records.length === 0) await context.err.line('There are no sources yet.')
  else await writeRecords(out, 'table', listColumns, records.map(lineOf))
  return exitStatus.done
}

const gone = 'no longer in the file'

function lineOf(record: SourceRecord) {
  const { name, definedIn, place, kind, mode, status, suspension, owner, replicas, resources, lastRun } =
    record
  const stored = record.shadowsStored ? `${place} (and stored)` : place
  return {
    name,
    defined: definedIn === 'file' ? stored : definedIn === 'stored' ? 'repository' : gone,
    kind,
    mode,
    status:
      suspension === null || suspension === undefined
        ? status
        : [status, 'suspended'].filter(Boolean).join(', '),
    owner,
    types: [...record.entityTypes, ...record.associations].join(', '),
    replicas,
    resources,
    last: lastRun === null ? null : `${lastRun.run}: ${lastRun.state}`,
  }
}

export async function show(context: Context, source: string, flags: ShowFlags): Promise<ExitStatus> {
  await using sources = await sourcesOf(context, flags)
  if (flags.history === true) return await showHistory(context, await sources.history(source), flags)
  const found = await sources.describe(source)
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify(found, undefined, 2))
  else {
    const { definedIn, place } = found
    const where =
      definedIn === 'file'
        ? `Defined in ${place}; it can be changed only there.`
        : definedIn === 'stored'
          ? 'Stored in the repository.'
          : 'Gone from the file. The repository still has tables for it: sluice source delete.'
    const suspended = found.suspension
    const state =
      suspended === null || suspended === undefined
        ? ''
        : `# Suspended ${oneLine(describeSuspension(suspended))}\n`
    await out.write(`# ${where}\n${state}${lastErrorOf(found)}${found.yaml}`)
  }
  return exitStatus.done
}

function lastErrorOf({ lastError }: DescribedSource): string {
  if (lastError === null || lastError === undefined) return ''
  const { run, at, code, message } = lastError
  return `# Last error: run ${run} at ${formatInstant(at)} UTC, ${code}: ${oneLine(message)}\n`
}

/** A comment of YAML ends with its line. */
function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ')
}

async function showHistory(
  { out, err }: Context,
  changes: readonly SourceChange[],
  { json }: ShowFlags,
): Promise<ExitStatus> {
  if (json === true) await out.line(JSON.stringify(changes, undefined, 2))
  else if (changes.length === 0) await err.line('It was never stored in the repository.')
  else for (const change of changes) await out.line(describeChange(change))
  return exitStatus.done
}

function describeChange({ source, event, detail, changedAt, by, definition }: SourceChange): string {
  const about = {
    created: `${source} stored`,
    changed: `${source} changed`,
    renamed: `${detail} renamed to ${source}`,
    deleted: `${source} deleted (${detail})`,
    suspended: `${source} suspended${detail === null ? '' : ` (${printable(detail)})`}`,
    resumed: `${source} resumed`,
  }[event]
  const text = definition === null ? '' : `\n${definition.trimEnd().replace(/^/gm, '  ')}`
  return `${formatInstant(changedAt)}  ${about}, by ${describeBy(by)}${text}`
}

export async function apply(context: Context, file: string, flags: ApplyFlags): Promise<ExitStatus> {
  const { out } = context
  const text = await textOf(context, file)
  await using sources = await sourcesOf(context, flags)
  const { dryRun, allowLoss } = flags
  const applied = await sources.apply(
    { path: file, text },
    { dryRun, allowLoss, folder: context.workingFolder },
  )
  if (flags.json === true) {
    await out.line(JSON.stringify(applied, undefined, 2))
    return exitStatus.done
  }
  for (const { name, outcome, differences } of applied.sources) {
    await out.line(`source ${name}: ${outcome}`)
    for (const difference of differences) await out.line(`  ${printable(difference)}`)
  }
  for (const change of applied.changes) await out.line(`  ${dryRun === true ? 'would: ' : ''}${change}`)
  for (const finding of applied.findings) await context.err.line(finding)
  if (dryRun === true) await out.line('Nothing was stored.')
  return exitStatus.done
}

async function textOf(context: Context, file: string): Promise<string> {
  if (file !== '-')
    return await readNamedFile(resolve(context.workingFolder, file), 'utf8', 'Name a file of sources.')
  const chunks: Uint8Array[] = []
  for await (const chunk of context.input ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

export async function remove(context: Context, source: string, flags: DeleteFlags): Promise<ExitStatus> {
  await using sources = await sourcesOf(context, flags)
  const { dryRun, force } = flags
  const resources = flags.resources ?? (await askedFor(context, sources, source, dryRun === true))
  if (dryRun === true) {
    const plan = await sources.planRemoval(source, { resources })
    if (flags.json === true) await context.out.line(JSON.stringify(plan, undefined, 2))
    else {
      await context.out.line(describeHoldings(source, await sources.holdings(source)))
      await writePlan(context, plan, await calledHere(context, flags), {
        command: `sluice source delete ${source} --resources ${resources}`,
      })
    }
    return plan.report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
  }
  const { report } = await sources.remove(source, { resources, force })
  if (flags.json === true) await context.out.line(JSON.stringify(report, undefined, 2))
  else if (report === null)
    await context.out.line(
      `A file defines ${source}, so the definition in the repository had no effect; it is deleted.`,
    )
  else {
    await writeReport(context, report, await calledHere(context, flags))
    if (report.state === 'applied') await context.out.line(`Source ${source} is deleted.`)
  }
  return report === null ? exitStatus.done : statusOf(report)
}

/** Asked where somebody is there to answer; else the choices are told, and nothing is done. */
async function askedFor(
  context: Context,
  sources: Sources,
  source: string,
  planned: boolean,
): Promise<ResourceFate | undefined> {
  const { ask } = context
  if (ask === undefined) return undefined
  const holdings = await sources.holdings(source)
  await context.err.line(describeHoldings(source, holdings))
  const answer = (
    await ask(
      `What shall happen to its resources${planned ? ' in this plan' : ''}: keep, hand-on or delete? `,
    )
  ).trim()
  if (answer === 'keep' || answer === 'hand-on' || answer === 'delete') return answer
  throw new WrongUsageError('Nothing was done.', 'Answer keep, hand-on or delete.')
}

function describeHoldings(
  source: string,
  { replicas, resources, sharedResources, created, links, deliveries, orders }: SourceHoldings,
): string {
  return [
    `${source} has ${formatNumberOf(replicas, 'row')} for ${formatNumberOf(resources, 'resource')}, and ${formatNumberOf(links, 'link')}.`,
    `  keep      all of them stay as they are, without a source and without locks`,
    `  hand-on   other sources take over ${formatNumberOf(sharedResources, 'resource')} that they also hold; the rest stays without a source`,
    `  delete    ${formatNumberOf(created, 'resource')} that it created and no other source holds would be deleted`,
    ...(deliveries + orders === 0
      ? []
      : [
          `${formatNumberOf(deliveries, 'delivery', 'deliveries')} and ${formatNumberOf(orders, 'order')} would be cancelled.`,
        ]),
  ].join('\n')
}

export async function rename(
  context: Context,
  from: string,
  to: string,
  flags: DefinitionFlags,
): Promise<ExitStatus> {
  await using sources = await sourcesOf(context, flags)
  await sources.rename(from, to)
  if (flags.json === true) await context.out.line(JSON.stringify({ source: to }))
  else
    await context.out.line(
      `Source ${from} is now called ${to}; its rows, resources and history are unchanged.`,
    )
  return exitStatus.done
}
