/**
 * Plain edits: each gives one resource, named by its id, other values of what nothing is found by and what points nowhere.
 *
 * What one does depends on no other, so many of them can be laid out and applied together, each as the run that it is.
 *
 * @module
 */
import type { Configuration, Edit, EditRequest, EntityModel, EntityReport, Property } from '@sluice/model'
import {
  type Column,
  columnsOf,
  family,
  more,
  one,
  type SQL,
  type Statement,
  sql,
  statement,
  typeOf,
} from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import type { Limits } from '../changes/limits.ts'
import type { RunContext } from '../context/run-context.ts'
import { storedOrphans } from '../produce/source-report.ts'
import { displayOf } from '../sql/display-values.ts'
import { lookedUpProperties } from '../sql/looked-up-properties.ts'
import { placeType, versionType } from '../sql/row-version.ts'
import { resourcesOf } from '../sql/tables.ts'
import {
  byType,
  editedProperties,
  type ResourceEdit,
  refuseChanged,
  refuseLocked,
  rowsLaidOut,
  type TypeEdits,
} from './lay-out-edits.ts'
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
    return found !== undefined && !isLarge(found) && found.type !== 'reference' && !lookedUp.has(property)
  })
}

/** The contents of a file may be more than a document holds. */
function isLarge({ type }: Property): boolean {
  return type === 'file'
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
  /** Of an entity type. They bear the number of their edit's run in the column `_run`. */
  readonly changesOf: (entityType: string) => SQL
  readonly limits: Limits
}

/**
 * `runs`: the number of each edit's run. Throws where one of them is refused.
 *
 * The changes are in no table: they are handed to each statement as a document, for to make a table and to drop it costs several times of what such
 * a statement does, and the catalogue of the database a row for each of its columns.
 */
export async function layOutTogether(
  context: RunContext,
  requests: readonly EditRequest[],
  runs: readonly number[],
): Promise<TogetherLaidOut> {
  const found = await findEverything(context, { edits: requests.flatMap(({ edits }) => [...edits]) })
  const edits = found.edits.map((edit): ResourceEdit => ({ ...edit, runId: runs[edit.edit] }))
  const limits = limitsOfEdit(context.sources)
  const laidOut = new Map<string, LaidOutType>()
  for (const of of byType(context, edits)) laidOut.set(of.type.name, await layOutType(context, limits, of))
  const ofType = (name: string) => {
    const of = laidOut.get(name)
    if (of === undefined) throw new Error(`Nothing of ${name} was laid out.`)
    return of
  }
  return {
    limits,
    edits: edits.map(({ entityType, resourceId }) => {
      const of = ofType(entityType)
      const counts = { inserted: 0, updated: of.updated.has(resourceId) ? 1 : 0, deleted: 0 }
      return { entityType, resourceId, report: editedReport(entityType, counts, of) }
    }),
    changesOf: (entityType) => ofType(entityType).changes,
    changeSet: {
      entities: [...laidOut].map(([entityType, of]) => ({
        entityType,
        table: '',
        counts: { inserted: 0, updated: of.updated.size, deleted: 0 },
        properties: of.properties,
      })),
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
  readonly changes: SQL
  /** The properties that any of the edits gives a value. */
  readonly properties: string[]
  /** The resources in which something differs; the others are not among the changes. */
  readonly updated: ReadonlySet<string>
  /** As `editedReport` has them. */
  readonly stored: number
  readonly orphans: number
}

async function layOutType(context: RunContext, limits: Limits, of: TypeEdits): Promise<LaidOutType> {
  const { session, model } = context
  const { name } = of.type
  const given = editedProperties(of)
  const shown = displayOf(model, of.type)?.properties ?? []
  // What nobody changes and by which nothing is shown need not be read.
  const columns = of.type.properties
    .filter((property) => given.has(property) || shown.includes(property))
    .flatMap(columnsOf)
  const exactly = isWeighty({ inserted: 0, updated: 1, deleted: 0 }, limits.entity(name))
  const { document, updated, stored, orphans } = await one(session, layOut(model, of, { columns, exactly }))
  const changes = changesIn(document, columns)
  await refuseChanged(context, of)
  await refuseLocked(context, of, changes)
  return {
    changes,
    properties: [...given].map((property) => property.name),
    updated: new Set(updated),
    stored: Number(stored),
    orphans: Number(orphans),
  }
}

/** In one statement the changes of a type, as a JSON text, and all that the reports of the edits say. */
function layOut(
  model: EntityModel,
  of: TypeEdits,
  { columns, exactly }: { readonly columns: readonly Column[]; readonly exactly: boolean },
): Statement<{ document: string; updated: readonly string[] | null; stored: string; orphans: string }> {
  const resources = resourcesOf(of.type.name).name
  const names = columns.map(({ name }) => name)
  const differs = sql`c._operation <> 'same'`
  return statement(
    `edit/lay-out ${of.type.name}`,
    sql`select coalesce(jsonb_agg(to_jsonb(c)) filter (where ${differs}), '[]')::text as document,
      array_agg(c.resource_id) filter (where ${differs}) as updated,
      ${exactly ? countedIn(resources) : estimatedIn(resources)} as stored,
      ${storedOrphans(of.type)} as orphans
    from (${rowsLaidOut(model, of, names)}) c`,
  )
}

/** Relation of the changes, as a table of the change set of an entity type has them. */
function changesIn(document: string, columns: readonly Column[]): SQL {
  const defined = columns.map((column) => sql`${sql.identifier(column.name)} ${typeOf(column)}`)
  return sql`(select * from jsonb_to_recordset(${sql.value(document)}::jsonb) x(_operation text, resource_id bigint, _key text,
    _base_version ${versionType}, _base_place ${placeType}, _drift boolean, _run bigint${more(defined)}))`
}
