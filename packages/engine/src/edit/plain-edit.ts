/**
 * Plain edits: each gives one resource, named by its id, other values of what nothing is found by and what points nowhere.
 *
 * What one does depends on no other, so many of them can be laid out and applied together, each as the run that it is.
 *
 * @module
 */
import type { Configuration, Edit, EditRequest, EntityReport } from '@sluice/model'
import { family, run, type Statement, sql, statement, Table } from '@sluice/repository'
import type { ChangeSet, EntityChangeEntry } from '../changes/change-set.ts'
import type { Limits } from '../changes/limits.ts'
import type { RunContext } from '../context/run-context.ts'
import { lookedUpProperties } from '../sql/looked-up-properties.ts'
import { byType, layOutEdits, type ResourceEdit } from './lay-out-edits.ts'
import { findEverything } from './produce-edit.ts'
import { entityReport, limitsOfEdit } from './report-edit.ts'

/** The id of the resource that a plain edit is about; `undefined`: it is none. */
export function plainlyEdited(
  configuration: Pick<Configuration, 'model' | 'sources'>,
  { edits }: EditRequest,
): string | undefined {
  const [edit, ...others] = edits
  if (edit?.action !== 'update' || others.length > 0) return undefined
  const id = idIn(edit.resource)
  return id !== undefined && isPlain(configuration, edit) ? id : undefined
}

type UpdateEdit = Extract<Edit, { readonly action: 'update' }>

function idIn(name: UpdateEdit['resource']): string | undefined {
  if (typeof name === 'string') return /^#([1-9]\d{0,17})$/.exec(name)?.[1]
  return 'id' in name ? name.id : undefined
}

function isPlain(
  configuration: Pick<Configuration, 'model' | 'sources'>,
  { type: name, values }: UpdateEdit,
): boolean {
  const { model } = configuration
  const type = model.entityTypes.get(name)
  if (type === undefined) return false
  const lookedUp = new Set(
    family(model, name).flatMap((member) => [...lookedUpProperties(configuration, member.name)]),
  )
  return Object.keys(values).every((property) => {
    const found = type.properties.find((one) => one.name === property)
    return found !== undefined && found.type !== 'reference' && !lookedUp.has(property)
  })
}

/** What one of several edits comes to. */
export interface LaidOutEdit {
  readonly entityType: string
  readonly resourceId: string
  readonly report: EntityReport
}

export interface TogetherLaidOut {
  /** In the order of the edits. */
  readonly edits: readonly LaidOutEdit[]
  readonly changeSet: ChangeSet
  readonly limits: Limits
}

/** `runs`: the number of each edit's run. The changes bear it in the column `_run`. Throws where one of them is refused. */
export async function layOutTogether(
  context: RunContext,
  requests: readonly EditRequest[],
  runs: readonly number[],
): Promise<TogetherLaidOut> {
  const found = await findEverything(context, { edits: requests.flatMap(({ edits }) => [...edits]) })
  const edits = found.edits.map((edit): ResourceEdit => ({ ...edit, runId: runs[edit.edit] }))
  const types = byType(context, edits)
  const { tables } = await layOutEdits(context, types)
  const limits = limitsOfEdit(context.sources)
  const reports = new Map<string, { readonly changed: EntityReport; readonly updated: ReadonlySet<string> }>()
  const entities: EntityChangeEntry[] = []
  for (const [entityType, table] of tables) {
    const updated = await updatedIn(context, table)
    const once = { entityType, table: table.name, counts: { inserted: 0, updated: 1, deleted: 0 } }
    reports.set(entityType, { changed: await entityReport(context, limits, once), updated })
    entities.push({ ...once, counts: { ...once.counts, updated: updated.size } })
  }
  return {
    limits,
    edits: edits.map(({ entityType, resourceId }) => {
      const of = reports.get(entityType)
      if (of === undefined) throw new Error(`Nothing of ${entityType} was laid out.`)
      const counts = { inserted: 0, updated: of.updated.has(resourceId) ? 1 : 0, deleted: 0 }
      return { entityType, resourceId, report: { ...of.changed, changes: counts } }
    }),
    changeSet: {
      entities,
      replicas: [],
      statuses: [],
      merges: [],
      links: [],
      loaded: [],
      checked: [],
      stored: [],
      source: null,
    },
  }
}

/** The resources in which something differs; the others are taken out of the changes. */
async function updatedIn({ session }: RunContext, table: Table): Promise<ReadonlySet<string>> {
  const { rows } = await run(session, operationsIn(table))
  if (rows.some(({ same }) => same)) await run(session, dropSame(table))
  return new Set(rows.filter(({ same }) => !same).map(({ resource_id }) => resource_id))
}

function operationsIn(table: Table): Statement<{ resource_id: string; same: boolean }> {
  return statement(
    'edit/operations',
    sql`select resource_id, _operation = 'same' as same from ${new Table(table.name)}`,
  )
}

function dropSame(table: Table): Statement {
  return statement('edit/drop-same', sql`delete from ${table} where _operation = 'same'`)
}
