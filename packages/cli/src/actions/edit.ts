/**
 * `sluice resource` and `sluice link`: what people change, here or through a server.
 *
 * @module
 */
import { basename, resolve } from 'node:path'
import type { Change, Edit, Edited, PlannedEdit, Project } from '@sluice/project'
import { anyProjectOf, type Context, type GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import type { GivenValue } from '../given-value.ts'
import { calledInProject } from '../language.ts'
import type { Called } from '../output/called.ts'
import { describeChange } from '../output/change-list.ts'
import { labelledChange, labelledReport } from '../output/labelled-report.ts'
import { formatCount } from '../output/quantities.ts'
import { changesOf, formatRunReport } from '../output/run-report.ts'
import { readNamedFile } from './read-named-file.ts'
import { fromInput, readSecret } from './read-secret.ts'
import { statusOf } from './sync.ts'
import { writeRun } from './write-run.ts'

export interface EditFlags extends GlobalOptions {
  readonly comment?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

interface GivenResource {
  readonly type: string
  readonly resource: string
  readonly values: readonly GivenValue[]
}

interface GivenLink {
  readonly association: string
  readonly from: string
  readonly to: string
  readonly values: readonly GivenValue[]
}

export function create(
  context: Context,
  { type, values }: Omit<GivenResource, 'resource'>,
  flags: EditFlags,
): Promise<ExitStatus> {
  return edit(context, flags, async (project) => ({
    action: 'create',
    type,
    values: await readValues(context, project, type, values),
  }))
}

export function set(
  context: Context,
  { type, resource, values }: GivenResource,
  flags: EditFlags,
): Promise<ExitStatus> {
  return edit(context, flags, async (project) => ({
    action: 'update',
    type,
    resource,
    values: await readValues(context, project, type, values),
  }))
}

export function remove(
  context: Context,
  of: Omit<GivenResource, 'values'>,
  flags: EditFlags,
): Promise<ExitStatus> {
  return edit(context, flags, async () => ({ action: 'delete', ...of }))
}

export function merge(
  context: Context,
  of: Omit<GivenResource, 'values'> & { readonly merged: string[] },
  flags: EditFlags,
): Promise<ExitStatus> {
  return edit(context, flags, async () => ({ action: 'merge', ...of }))
}

export function link(context: Context, { values, ...of }: GivenLink, flags: EditFlags): Promise<ExitStatus> {
  const properties = Object.fromEntries(values.map(({ name, value }) => [name, value]))
  return edit(context, flags, async () => ({ action: 'link', ...of, properties }))
}

export function unlink(
  context: Context,
  of: Omit<GivenLink, 'values'>,
  flags: EditFlags,
): Promise<ExitStatus> {
  return edit(context, flags, async () => ({ action: 'unlink', ...of }))
}

async function edit(
  context: Context,
  flags: EditFlags,
  asked: (project: Project) => Promise<Edit>,
): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const edits = [await asked(project)]
  const options = { comment: flags.comment }
  if (flags.dryRun === true) {
    const plan = await project.planEdit(edits, options)
    return await planned(context, plan, await calledInProject(context, flags, project), flags)
  }
  return await finished(context, project, await project.edit(edits, options), flags)
}

async function planned(
  { out }: Context,
  { report, resources, changes }: PlannedEdit,
  called: Called,
  flags: EditFlags,
): Promise<ExitStatus> {
  if (flags.json === true) await out.line(JSON.stringify({ ...report, resources, changes }, undefined, 2))
  else {
    await out.line(formatRunReport(labelledReport(report, called), out.colors, out.width).join('\n'))
    for (const change of changes)
      await out.line(describeChange(labelledChange(change, called), out.colors, out.width))
  }
  return report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
}

const shownChanges = 20

async function finished(
  context: Context,
  project: Project,
  { report, resources }: Edited,
  flags: EditFlags,
): Promise<ExitStatus> {
  const { out, err } = context
  if (flags.json === true) await out.line(JSON.stringify({ ...report, resources }, undefined, 2))
  else if (report.state === 'held' || report.run === null) await writeRun(context, report, project, flags)
  else {
    const count = changesOf(report)
    const called = await calledInProject(context, flags, project)
    for await (const change of project.changes(report.run, { limit: shownChanges }))
      await out.line(
        `${describeChange(labelledChange(change, called), out.colors, out.width - 12)}${newId(change)}`,
      )
    const more = count - shownChanges
    if (more > 0)
      await err.line(err.hint(`… and ${formatCount(more)} more: sluice runs changes ${report.run}`))
    await err.line(
      count > 0
        ? `Run ${report.run} is applied.`
        : `Run ${report.run}: the resources already have these values.`,
    )
  }
  return statusOf(report)
}

/** By which it can be named from now on, whoever else is called the same. */
function newId(change: Change): string {
  return change.kind === 'entity' && change.operation === 'insert' ? `  #${change.resourceId}` : ''
}

type Values = Extract<Edit, { readonly action: 'create' }>['values']

/** Of a file, `@path` is what stands in it; of a secret, `@-` what is typed or piped in. */
async function readValues(
  context: Context,
  { repository }: Project,
  type: string,
  given: readonly GivenValue[],
): Promise<Values> {
  const properties = given.some(({ value }) => value.startsWith('@'))
    ? ((await repository.model()).entityTypes.get(type)?.properties ?? [])
    : []
  const isOf = (name: string, kind: 'file' | 'secret') =>
    properties.some((one) => one.name === name && one.type === kind)
  const values: [string, Values[string]][] = []
  for (const { name, value } of given) {
    if (value === fromInput && isOf(name, 'secret')) {
      values.push([name, await readSecret(context, name, { removable: true })])
      continue
    }
    const path =
      value.startsWith('@') && isOf(name, 'file') ? resolve(context.workingFolder, value.slice(1)) : undefined
    const file =
      path === undefined
        ? undefined
        : await readNamedFile(path, 'base64', 'Write the name of a file after the @.')
    values.push([
      name,
      path === undefined || file === undefined ? value : { content: file, name: basename(path) },
    ])
  }
  return Object.fromEntries(values)
}
