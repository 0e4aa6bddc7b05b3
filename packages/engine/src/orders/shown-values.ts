/**
 * Values and names of resources, in the form in which readers show them: what is asserted is compared in that form.
 *
 * @module
 */
import { type Property, type ReferenceProperty, storedModelOf } from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  commas,
  type Display,
  displayIn,
  lookedUpAs,
  type SQL,
  sql,
} from '@sluice/repository'
import { familyNames, type RunContext, sourcesByName } from '../context/run-context.ts'
import { resourcesOf } from '../sql/tables.ts'

/** What has to be known of a repository to say what its sources assert. */
export type Known = Pick<RunContext, 'model' | 'sources' | 'mergedNames'>

/** A reference, or an end of an association. */
type Pointing = Pick<ReferenceProperty, 'to'>

/** By which people know resources of the type. */
export function displayedBy({ model, sources }: Known, entityType: string): Display | undefined {
  const stored = storedModelOf({ model, sources: sourcesByName(sources) })
  return displayIn(stored, stored.entityTypes.get(entityType))
}

/** SQL (text) of a value, as readers show it. */
export function shownAs(property: Property, value: SQL): SQL {
  const text = lookedUpAs(property, value)
  return property.type === 'datetime' ? sql`replace(replace(${text}, ' ', 'T'), '+00', 'Z')` : text
}

/** SQL of what people call the target of a reference or link. */
export function displayOf({ model, sources }: Known, property: Pointing, id: SQL): SQL {
  const display = displayedBy({ model, sources }, property.to)
  if (display === undefined) return sql`${id}::text`
  const { property: shown, text } = display
  return ofTarget({ model, sources }, property, id, (_, row) =>
    shown === undefined ? text(row) : shownAs(shown, columnOfRow(row, columnOf(shown))),
  )
}

/** SQL of a text of the resource that a reference or link points to, of whatever type of the family it is. */
export function ofTarget(
  { model }: Known,
  { to }: Pointing,
  id: SQL,
  text: (entityType: string, row: SQL) => SQL,
): SQL {
  const texts = familyNames(model, to).map(
    (name) => sql`(select ${text(name, sql`t`)} from ${resourcesOf(name)} t where t.resource_id = ${id})`,
  )
  return texts.length === 0 ? sql`null::text` : sql`coalesce(${commas(texts)})`
}
