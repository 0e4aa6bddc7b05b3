/**
 * Views over a type and every type that extends it.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import type { EntityType, StoredModel } from '@sluice/model'
import {
  type Column,
  changedRunColumn,
  columnsOf,
  createdRunColumn,
  entityTable,
  family,
  familyView,
  hasFamilyView,
  resourceIdColumn,
  typeOf,
} from '../layout/layout.ts'
import { commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import type { Transition } from './step.ts'

interface FamilyView {
  /** Unquoted. */
  readonly name: string
  /** A column that changes its type changes the view. */
  readonly columns: readonly Column[]
  /** Names of the concrete types it shows. */
  readonly members: readonly string[]
}

/**
 * Statements for before and after everything else. A view that stays as it is is left alone, so
 * that views of other people on it stay, too.
 */
export function familyViewStatements(transition: Transition): {
  readonly drop: readonly Statement[]
  readonly create: readonly Statement[]
} {
  const before = viewsOf(transition.before)
  const after = viewsOf(transition.after)
  return {
    drop: differing(before, after).map(dropView),
    create: differing(after, before).map(createView),
  }
}

/** Those of the first that are not among the second as they are. */
function differing(views: readonly FamilyView[], others: readonly FamilyView[]): readonly FamilyView[] {
  return views.filter((view) => !others.some((other) => isDeepStrictEqual(view, other)))
}

function viewsOf(model: StoredModel): readonly FamilyView[] {
  return [...model.entityTypes.values()]
    .filter((type) => hasFamilyView(model, type))
    .map((type) => ({
      name: familyView(type.name),
      columns: columnsOfView(type),
      members: family(model, type.name).map(({ name }) => name),
    }))
}

function columnsOfView(type: EntityType): readonly Column[] {
  return [
    { name: resourceIdColumn, sqlType: 'bigint' },
    ...type.properties.flatMap((property) => [...columnsOf(property)]),
    { name: createdRunColumn, sqlType: 'bigint' },
    { name: changedRunColumn, sqlType: 'bigint' },
  ]
}

function dropView({ name }: FamilyView): Statement {
  return statement(`evolve/drop-view ${name}`, sql`drop view ${new Table(name)}`)
}

function createView({ name, columns, members }: FamilyView): Statement {
  const entityType = typeOf({ sqlType: 'text collate "C"' })
  const names = commas(columns.map((column) => sql.identifier(column.name)))
  const rows = members.map(
    (member) =>
      sql`select ${sql.literal(member)}::${entityType} as entity_type, ${names} from ${new Table(entityTable(member))}`,
  )
  const body = rows.length > 0 ? sql.join(rows, '\nunion all\n') : noRow(columns, entityType)
  return statement(`evolve/add-view ${name}`, sql`create view ${new Table(name)} as\n${body}`)
}

/** Of an abstract type that nothing extends. */
function noRow(columns: readonly Column[], entityType: SQL): SQL {
  const nulls = columns.map((column) => sql`null::${typeOf(column)} as ${sql.identifier(column.name)}`)
  return sql`select null::${entityType} as entity_type, ${commas(nulls)} where false`
}
