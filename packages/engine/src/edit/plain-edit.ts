/**
 * Plain edits: each gives one resource, named by its id, other values of what nothing is found by and what points nowhere.
 *
 * What one does depends on no other, so many of them can be laid out and applied together, each as the run that it is.
 *
 * @module
 */
import type { Configuration, Edit, EditRequest, EntityReport, EntityType } from '@sluice/model'
import { family, one, run, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { ChangeSet, EntityChangeEntry } from '../changes/change-set.ts'
import type { Limits } from '../changes/limits.ts'
import type { RunContext } from '../context/run-context.ts'
import { storedOrphans } from '../produce/source-report.ts'
import { lookedUpProperties } from '../sql/looked-up-properties.ts'
import { resourcesOf } from '../sql/tables.ts'
import { byType, editedProperties, layOutEdits, type ResourceEdit } from './lay-out-edits.ts'
import { findEverything } from './produce-edit.ts'
import { countedIn, editedReport, estimatedIn, isWeighty, limitsOfEdit } from './report-edit.ts'

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
  const laidOut = new Map<string, LaidOutType>()
  const entities: EntityChangeEntry[] = []
  for (const { type, edits } of types) {
    const table = tables.get(type.name)
    if (table === undefined) continue
    const of = await aboutLaidOut(context, limits, type, table)
    const properties = [...editedProperties({ edits })].map(({ name }) => name)
    laidOut.set(type.name, of)
    entities.push({
      entityType: type.name,
      table: table.name,
      counts: { inserted: 0, updated: of.updated.size, deleted: 0 },
      properties,
    })
  }
  return {
    limits,
    edits: edits.map(({ entityType, resourceId }) => {
      const of = laidOut.get(entityType)
      if (of === undefined) throw new Error(`Nothing of ${entityType} was laid out.`)
      const counts = { inserted: 0, updated: of.updated.has(resourceId) ? 1 : 0, deleted: 0 }
      return { entityType, resourceId, report: editedReport(entityType, counts, of) }
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
      orphans: 'none',
    },
  }
}

/** What became of the edits of a type. */
interface LaidOutType {
  /** The resources in which something differs; the others are taken out of the changes. */
  readonly updated: ReadonlySet<string>
  /** As `editedReport` has them. */
  readonly stored: number
  readonly orphans: number
}

async function aboutLaidOut(
  { session }: RunContext,
  limits: Limits,
  type: EntityType,
  table: Table,
): Promise<LaidOutType> {
  const exactly = isWeighty({ inserted: 0, updated: 1, deleted: 0 }, limits.entity(type.name))
  const { updated, same, stored, orphans } = await one(session, readLaidOut(type, table, exactly))
  if (same > 0) await run(session, dropSame(table))
  return { updated: new Set(updated), stored: Number(stored), orphans: Number(orphans) }
}

/** In one statement all that the reports of the edits say. */
function readLaidOut(
  type: EntityType,
  table: Table,
  exactly: boolean,
): Statement<{ updated: readonly string[] | null; same: number; stored: string; orphans: string }> {
  const resources = resourcesOf(type.name).name
  return statement(
    `edit/read-laid-out ${type.name}`,
    sql`select array_agg(c.resource_id) filter (where c._operation <> 'same') as updated,
      (count(*) filter (where c._operation = 'same'))::int as same,
      ${exactly ? countedIn(resources) : estimatedIn(resources)} as stored,
      ${storedOrphans(type)} as orphans
    from ${table} c`,
  )
}

function dropSame(table: Table): Statement {
  return statement('edit/drop-same', sql`delete from ${table} where _operation = 'same'`)
}
