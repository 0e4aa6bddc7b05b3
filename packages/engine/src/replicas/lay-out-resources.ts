/**
 * The change rows of a shared entity type: what goes, what the delete policy marks, and what the values of its resources become.
 *
 * @module
 */
import {
  anyOf,
  columnOfRow,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  typeOf,
} from '@sluice/repository'
import { changesThatExist, type EntityChanges, withChangeTable } from '../changes/entity-changes.ts'
import { analyze, analyzeTable } from '../context/work-tables.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import {
  isAsserted,
  isReference,
  type SharedProperty,
  type SharedShape,
  valuesOf,
} from '../sql/shared-shape.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'
import type { OwnReplicas } from './claims.ts'
import { decideValues } from './decide-values.ts'
import { type FoundResources, findResources } from './find-resources.ts'
import { nameEarlierRows } from './name-earlier-rows.ts'
import { hasQueue } from './queue.ts'
import { referencesOf, targetOf } from './read-rows.ts'
import { partsByType, type SharedPart } from './shared-part.ts'

export interface LaidOutResources {
  readonly changes: EntityChanges
  readonly found: FoundResources
}

/** Deletions and the rows that have their resource come first: what they leave is what the others look for. */
export async function layOutResources(part: SharedPart, own: OwnReplicas): Promise<LaidOutResources> {
  let { changes } = own
  const laidOut: OfType[] = []
  for (const of of partsByType(part)) {
    const made = await withChangeTable(part, changes, of.shape.type.name)
    changes = made.changes
    laidOut.push({ part: of, table: made.table })
    await run(part.session, deletions(of, own.missing.table, made.table))
    await layOut(of, own, { table: made.table, affected: attachedResources(of, own), about: 'attached' })
  }
  const found = await findResources(part, {
    rows: own.rows,
    faults: own.faults,
    changes: await changesThatExist(part, changes),
  })
  const done = { ...own, found: found.table }
  for (const { part: of, table } of laidOut) {
    if (found.count > 0) {
      const affected = foundResources(of, own, { found: found.table, changes: table, among: laidOut })
      await layOut(of, done, { table, affected, about: 'found' })
    }
  }
  for (const { part: of, table } of laidOut) {
    const named = await nameEarlierRows(of, own, { found: found.table, changes: table })
    if (named === undefined) continue
    for (const other of laidOut) {
      const affected = namedResources(other.part, own, { found: found.table, named, among: laidOut })
      await layOut(other.part, done, {
        table: other.table,
        affected,
        about: `named_${of.shape.mapping.name}`,
      })
    }
  }
  for (const { part: of, table } of laidOut) await run(part.session, keepRequired(of, done, table))
  return { changes, found }
}

/** The resources of one type of the scope, and the table of their changes. */
interface OfType {
  readonly part: SharedPart
  readonly table: Table
}

/** Condition: the resource is one of the type. Of several types, what is new is of the one that the mapping creates. */
function isOfType({ shape }: SharedPart, among: readonly OfType[], resource: SQL): SQL {
  const others = among.filter((one) => one.part.shape.type.name !== shape.type.name)
  if (others.length === 0) return sql.true
  const isStored = (name: string) =>
    sql`exists (select from ${resourcesOf(name)} o where o.resource_id = ${resource})`
  if (shape.type.name !== shape.mapping.entityType) return isStored(shape.type.name)
  return sql`not (${sql.join(
    others.map((one) => isStored(one.part.shape.type.name)),
    ' or ',
  )})`
}

async function layOut(
  part: SharedPart,
  own: OwnReplicas,
  {
    table,
    affected: which,
    about: pass,
  }: { readonly table: Table; readonly affected: Statement; readonly about: string },
): Promise<void> {
  const { session, workTables, shape } = part
  const about = `${shape.mapping.name}_${pass}`
  const affected = await workTables.fill(workTables.named('affected', about), which)
  if (affected.count === 0) return
  await analyzeTable(session, affected.table, affected.count, 'resource_id')
  const decided = await decideValues(part, own, affected.table, { about: pass })
  if (own.found !== undefined) await run(session, forget(part, table, affected.table))
  const names = columnNames(shape.type).map((name) => sql.identifier(name))
  const { count } = await run(
    session,
    statement(
      `replicas/lay-out ${shape.mapping.name}`,
      sql`insert into ${table} (_operation, resource_id, _key, _base_version, _base_place, _drift${more(names)})
      select * from (${decided.query}) d where d._operation <> 'same'`,
    ),
  )
  if (count > 0) await run(session, analyze(table))
}

/** What is decided anew takes the place of what was decided before. */
function forget({ shape }: SharedPart, table: Table, affected: Table): Statement {
  return statement(
    `replicas/decide-anew ${shape.mapping.name}`,
    sql`delete from ${table} c where c.resource_id in (select resource_id from ${affected})`,
  )
}

function deletions({ shape }: SharedPart, missing: Table, table: Table): Statement {
  const names = columnNames(shape.type)
  return statement(
    `replicas/lay-out-deletions ${shape.mapping.name}`,
    sql`insert into ${table} (_operation, resource_id, _key, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
    select 'delete', o.resource_id, min(g.key), ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(names.map((name) => columnOfRow(sql`o`, name)))}
    from ${missing} g join ${resourcesOf(shape.type.name)} o on o.resource_id = g.resource_id where g.action = 'delete'
    group by o.resource_id, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}`,
  )
}

/** (resource_id, mark) of every resource of which a replica is applied, marked or let go. */
function attachedResources({ shape }: SharedPart, { rows, missing, external }: OwnReplicas): Statement {
  const written =
    external === undefined ? sql.blank : sql` union all select e.resource_id, false from ${external} e`
  return statement(
    `replicas/find-affected ${shape.mapping.name}`,
    sql`select x.resource_id, bool_or(x.mark) as mark from (
      select a._resource_id as resource_id, false as mark from ${rows.table} a where a._resource_id is not null
      union all select g.resource_id, g.action = 'mark' from ${missing.table} g
        where g.resource_id is not null and g.action in ('mark', 'release', 'unlink', 'detach', 'renew')${written}) x
    where exists (select from ${resourcesOf(shape.type.name)} o where o.resource_id = x.resource_id)
      and not exists (select from ${missing.table} g where g.resource_id = x.resource_id and g.action = 'delete')
    group by x.resource_id`,
  )
}

/**
 * Of which a row says something else than what stands: whoever says the same takes nothing from anybody, whatever else is said of the
 * resource. What the run has changed already is decided with all that is said.
 */
function foundResources(
  part: SharedPart,
  { rows, missing }: OwnReplicas,
  {
    found,
    changes,
    among,
  }: { readonly found: Table; readonly changes: Table; readonly among: readonly OfType[] },
): Statement {
  const { shape } = part
  const marked = isMarked(missing, sql`f.resource_id`)
  const changed = sql`exists (select from ${changes} c where c.resource_id = f.resource_id)`
  const compared = shape.properties.filter(
    ({ property, update }) => update && !isFoundBy(shape, property.name),
  )
  // Where rows say nothing but what they found their resources by, neither has to be read.
  const joins =
    compared.length === 0
      ? sql.blank
      : sql` join ${rows.table} a on a._seq = f._seq left join ${resourcesOf(shape.type.name)} o on o.resource_id = f.resource_id`
  const says =
    compared.length === 0 ? sql`f.made` : sql`o.resource_id is null or ${saysOtherwise(part, compared)}`
  return statement(
    `replicas/find-affected ${shape.mapping.name}`,
    sql`select f.resource_id, ${marked} as mark
    from ${found} f${joins}
    where f.outcome <> 'error' and ${isOfType(part, among, sql`f.resource_id`)} and (${says} or ${marked} or ${changed})
    group by f.resource_id`,
  )
}

/** Condition: a row of the resource has disappeared, and the delete policy writes so. */
function isMarked({ table }: OwnReplicas['missing'], resource: SQL): SQL {
  return sql`exists (select from ${table} g where g.resource_id = ${resource} and g.action = 'mark')`
}

/** Whatever a row has found that is stored has this value of its: every rule compares it as it is, and no person decides otherwise. */
function isFoundBy(shape: SharedShape, property: string): boolean {
  const { policy, rules } = shape.federation.reconciliation
  if (policy !== 'attributes' || rules.length === 0 || hasQueue(shape)) return false
  return rules.every((rule) => rule.some((key) => key.property === property && key.normalize.length === 0))
}

/** Condition: the row `a` asserts a value of one of the properties that the resource `o` does not have. */
function saysOtherwise(part: SharedPart, properties: readonly SharedProperty[]): SQL {
  return anyOf(
    properties.map((property) => {
      const values = isReference(property)
        ? [targetOf(sql`a`, referencesOf(part).indexOf(property)).id]
        : valuesOf(property, sql`a`)
      const differs = values.map((value, n) => {
        const column = property.columns[n] ?? property.columns[0]
        return sql`${columnOfRow(sql`o`, column.name)} is distinct from (${value})::${typeOf(column)}`
      })
      return sql`(${isAsserted(property, sql`a`)} and ${anyOf(differs)})`
    }),
  )
}

/** Of the rows of which a reference has just come to name something. */
function namedResources(
  part: SharedPart,
  { rows, missing }: OwnReplicas,
  {
    found,
    named,
    among,
  }: { readonly found: Table; readonly named: Table; readonly among: readonly OfType[] },
): Statement {
  const { shape } = part
  const resource = sql`coalesce(a._resource_id, f.resource_id)`
  return statement(
    `replicas/find-affected ${shape.mapping.name}`,
    sql`select x.resource_id, ${isMarked(missing, sql`x.resource_id`)} as mark
    from (select distinct ${resource} as resource_id from ${rows.table} a
      left join ${found} f on f._seq = a._seq and f.outcome <> 'error'
      where a._seq in (select _seq from ${named})) x where x.resource_id is not null and ${isOfType(part, among, sql`x.resource_id`)}`,
  )
}

/**
 * A required property that would be emptied keeps its resource as it is, and is a fault of every row that says anything of it.
 */
function keepRequired({ shape }: SharedPart, { rows, faults, found }: OwnReplicas, table: Table): Statement {
  const required = shape.type.properties.filter((property) => property.required)
  if (required.length === 0) return statement(`replicas/keep-required ${shape.mapping.name}`, sql`select`)
  const emptied = required.map((property): readonly [string, SQL] => {
    const name = columnNames({ properties: [property] })[0] ?? property.name
    return [
      property.name,
      sql`(${columnOfRow(sql`c`, name)} is null and ${columnOfRow(sql`o`, name)} is not null)`,
    ]
  })
  const which = sql.join(
    emptied.map(([, condition]) => condition),
    ' or ',
  )
  const name = sql`case ${sql.join(
    emptied.map(([property, condition]) => sql`when ${condition} then ${sql.literal(property)}`),
    ' ',
  )} end`
  const resource = found === undefined ? sql`a._resource_id` : sql`coalesce(a._resource_id, f.resource_id)`
  const attaching =
    found === undefined ? sql.blank : sql` left join ${found} f on f._seq = a._seq and f.outcome <> 'error'`
  return statement(
    `replicas/keep-required ${shape.mapping.name}`,
    sql`with emptied as (
      delete from ${table} c using ${resourcesOf(shape.type.name)} o
      where o.resource_id = c.resource_id and c._operation = 'update' and (${which}) returning c.resource_id, ${name} as property)
    insert into ${faults} (_seq, code, text)
    select a._seq, 'required_missing', format('%s: a value is required', e.property)
    from ${rows.table} a${attaching} join emptied e on e.resource_id = ${resource}`,
  )
}
