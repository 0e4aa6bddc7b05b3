/**
 * What is wrong with the rows that a run applies: faults, of which one keeps a row from being applied; and what is left out of a row
 * with a warning.
 *
 * @module
 */
import { isSecret } from '@sluice/model'
import { run, type SQL, type Statement, sql, statement, type Table, unionAll } from '@sluice/repository'
import {
  expectedOf,
  isAsserted,
  isIllegal,
  type SharedProperty,
  type SharedReference,
  textsOf,
} from '../sql/shared-shape.ts'
import { type ReplicaRows, referencesOf, targetOf } from './read-rows.ts'
import type { SharedPart } from './shared-part.ts'

/** _seq, code, text, warning: one row of each thing that is wrong. */
export async function findFaults(part: SharedPart, rows: ReplicaRows): Promise<Table> {
  const { workTables, shape } = part
  const table = workTables.named('faults', shape.mapping.name)
  await workTables.create(
    `replicas/begin-faults ${shape.mapping.name}`,
    table,
    sql`_seq bigint, code text, text text, warning boolean not null default false`,
  )
  if (rows.count > 0) await run(part.session, findAll(part, rows.table, table))
  return table
}

/** Relation (_seq) of the rows that have a fault. */
export function faulty(faults: Table): SQL {
  return sql`(select distinct _seq from ${faults} where not warning)`
}

/** Condition: the row with this number has no fault. */
export function isSound(faults: Table, seq: SQL): SQL {
  return sql`not exists (select from ${faults} b where b._seq = ${seq} and not b.warning)`
}

function findAll(part: SharedPart, rows: Table, faults: Table): Statement {
  const { shape } = part
  const found = [
    ...shape.properties.flatMap((property) => illegalValues(property, rows)),
    ...referencesOf(part).flatMap((reference, n) => unknownTargets(reference, n, rows)),
    ...shape.properties.flatMap((property) => incompleteFiles(property, rows)),
  ]
  return statement(
    `replicas/find-faults ${shape.mapping.name}`,
    found.length === 0
      ? sql`select where false`
      : sql`insert into ${faults} (_seq, code, text, warning) ${unionAll(found)}`,
  )
}

function quotedText(text: SQL): SQL {
  return sql`left(${text}, 200)`
}

function illegalValues(property: SharedProperty, rows: Table): readonly SQL[] {
  const illegal = isIllegal(property, sql`a`)
  if (illegal === undefined) return []
  if (isSecret(property.property)) {
    const message = `${property.property.name}: it is not ${expectedOf(property)}`
    return [
      sql`select a._seq, 'invalid_value', ${sql.literal(message)}, false from ${rows} a where ${illegal}`,
    ]
  }
  const message = `${property.property.name}: "%s" is not ${expectedOf(property).replaceAll('%', '%%')}`
  return [
    sql`select a._seq, 'invalid_value', format(${sql.literal(message)}, ${quotedText(textsOf(property, sql`a`)[0])}), false
    from ${rows} a where ${illegal}`,
  ]
}

function notFound({ property: { name, to } }: SharedReference): string {
  return `${name}: there is no ${to} "%s"`
}

/** What is told of the row `alias` whose reference names nothing. */
export function notFoundText(reference: SharedReference, alias: SQL): SQL {
  const text = sql`nullif(${textsOf(reference, alias)[0]}, '')`
  return sql`format(${sql.literal(notFound(reference))}, ${quotedText(text)})`
}

/** An id names what it names or is wrong; a name may yet come to be one, and an optional reference waits for that. */
function unknownTargets(reference: SharedReference, n: number, rows: Table): readonly SQL[] {
  const text = sql`nullif(${textsOf(reference, sql`a`)[0]}, '')`
  const { count } = targetOf(sql`a`, n)
  const { name, to, required } = reference.property
  const byId = reference.by === 'resource_id'
  const says = (message: string) => sql`format(${sql.literal(message)}, ${quotedText(text)}, ${count})`
  const warning = sql.literal(!required && !byId)
  const part = (code: string, message: string, which: SQL, warns: SQL = warning) =>
    sql`select a._seq, ${sql.literal(code)}, ${says(message)}, ${warns} from ${rows} a where ${text} is not null and ${which}`
  if (!reference.update && !required) {
    // It only serves to search, and what is unknown is found nowhere.
    return []
  }
  const digits = sql`${text} ~ '^[0-9]+$'`
  return [
    ...(byId ? [part('invalid_value', `${name}: "%s" is not an id`, sql`not (${digits})`, sql.false)] : []),
    part(
      'reference_not_found',
      notFound(reference),
      byId ? sql`${count} = 0 and ${digits}` : sql`${count} = 0`,
    ),
    part('reference_ambiguous', `${name}: "%s" names %s resources of ${to}`, sql`${count} > 1`),
  ]
}

/** A file of which a part is missing is left alone. */
function incompleteFiles(property: SharedProperty, rows: Table): readonly SQL[] {
  if (property.property.type !== 'file') return []
  const given = textsOf(property, sql`a`).map((text) => sql`${text} is not null`)
  const message = `${property.property.name}: content, name and media type have to be given together`
  return [
    sql`select a._seq, 'file_incomplete', ${sql.literal(message)}, true from ${rows} a
    where (${sql.join(given, ' or ')}) and not ${isAsserted(property, sql`a`)}`,
  ]
}
