/**
 * Views over a type and every type that extends it.
 *
 * @module
 */
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
  identifier,
  literal,
  resourceIdColumn,
} from '../layout/layout.ts'
import type { Transition } from './step.ts'

/**
 * Statements for before and after everything else. A view that stays as it is is left alone, so
 * that views of other people on it stay, too.
 */
export function familyViewStatements(transition: Transition): {
  readonly drop: readonly string[]
  readonly create: readonly string[]
} {
  const before = viewsOf(transition.before)
  const after = viewsOf(transition.after)
  return {
    drop: [...before]
      .filter(([name, view]) => after.get(name) !== view)
      .map(([name]) => `drop view ${identifier(name)}`),
    create: [...after].filter(([name, view]) => before.get(name) !== view).map(([, view]) => view),
  }
}

function viewsOf(model: StoredModel): ReadonlyMap<string, string> {
  const types = [...model.entityTypes.values()].filter((type) => hasFamilyView(model, type))
  return new Map(types.map((type) => [familyView(type.name), createView(model, type)]))
}

/** The types of the columns are written out, so that a column that changes its type changes the statement. */
function createView(model: StoredModel, type: EntityType): string {
  const columns: readonly Column[] = [
    { name: resourceIdColumn, sqlType: 'bigint' },
    ...type.properties.flatMap((property) => [...columnsOf(property)]),
    { name: createdRunColumn, sqlType: 'bigint' },
    { name: changedRunColumn, sqlType: 'bigint' },
  ]
  const described = columns.map(({ name, sqlType }) => `${identifier(name)} ${sqlType}`).join(', ')
  const names = columns.map(({ name }) => identifier(name)).join(', ')
  const members = family(model, type.name).map(
    (member) =>
      `select ${literal(member.name)}::text collate "C" as entity_type, ${names} from ${identifier(entityTable(member.name))}`,
  )
  const nothing = columns.map(({ name, sqlType }) => `null::${sqlType} as ${identifier(name)}`).join(', ')
  const body =
    members.length > 0
      ? members.join('\nunion all\n')
      : `select null::text collate "C" as entity_type, ${nothing} where false`
  return `-- ${described}\ncreate view ${identifier(familyView(type.name))} as\n${body}`
}
