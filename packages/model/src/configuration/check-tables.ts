/**
 * Finds names that would mean the same table or column in PostgreSQL, or one that PostgreSQL keeps
 * for itself.
 *
 * Names are case-sensitive in the configuration and snake_case in SQL, so that two of them can meet.
 *
 * @module
 */
import type { Association, EntityModel, EntityType, Property } from '../entity/entity-model.ts'
import type { Place } from '../errors.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { maximumIdentifierLength, snakeCase } from './names.ts'
import { mostColumns, reservedEntityColumns, reservedLinkColumns } from './reserved-names.ts'

/** Says where something was defined. */
export type PlaceOfDefinition = (
  section: 'entityTypes' | 'associations' | 'sources',
  ...path: string[]
) => Place

/** What a name takes in a table or a schema, and whose it is. */
class Taken {
  readonly #owners = new Map<string, string>()
  readonly #findings: Findings

  constructor(findings: Findings, reserved: readonly string[] = []) {
    this.#findings = findings
    for (const name of reserved) this.#owners.set(name, '')
  }

  /** A name that is used as it is, so it may not be longer than names in SQL can be. `false` when another has it. */
  take(sqlName: string, owner: string, place: Place): boolean {
    const free = this.takeShortened(sqlName, owner, place)
    if (free && sqlName.length > maximumIdentifierLength) {
      const message = `${owner} would be called "${sqlName}" in SQL, which is longer than ${maximumIdentifierLength} characters.`
      this.#findings.add(findingCodes.name, place, message, { remedy: 'Choose a shorter name.' })
    }
    return free
  }

  /** A name that is made shorter where it has to be. */
  takeShortened(sqlName: string, owner: string, place: Place): boolean {
    const other = this.#owners.get(sqlName)
    if (other === undefined) this.#owners.set(sqlName, owner)
    if (other === undefined || other === owner) return true
    const reason =
      other === '' ? `"${sqlName}" is reserved by Sluice or PostgreSQL` : `${other} has the same name`
    const message = `${owner} would be called "${sqlName}" in SQL, and ${reason}.`
    this.#findings.add(findingCodes.name, place, message, { remedy: 'Choose another name.' })
    return false
  }
}

export function checkTables(
  model: EntityModel,
  replicas: Iterable<{ readonly source: string; readonly entityType: string }>,
  placeOf: PlaceOfDefinition,
  findings: Findings,
): void {
  const tables = new Taken(findings)
  for (const type of model.entityTypes.values()) {
    const place = placeOf('entityTypes', type.name)
    if (checkPrefix(type.name, place, findings)) {
      const free = tables.take(snakeCase(type.name), `Entity type "${type.name}"`, place)
      tables.take(`${snakeCase(type.name)}_all`, `The view of entity type "${type.name}"`, place)
      if (free)
        tables.takeShortened(primaryKeyOf(type.name), `The primary key of entity type "${type.name}"`, place)
    }
    const placeOfProperty = (property: string) => placeOf('entityTypes', type.name, 'properties', property)
    checkColumns(type, placeOfProperty, findings, reservedEntityColumns)
    checkWidth(type, place, findings)
  }
  for (const association of model.associations.values()) {
    const place = placeOf('associations', association.name)
    if (checkPrefix(association.name, place, findings)) {
      const free = tables.take(snakeCase(association.name), `Association "${association.name}"`, place)
      const owner = `The primary key of association "${association.name}"`
      if (free) tables.takeShortened(primaryKeyOf(association.name), owner, place)
    }
    const placeOfProperty = (property: string) =>
      placeOf('associations', association.name, 'properties', property)
    checkColumns(association, placeOfProperty, findings, reservedLinkColumns)
    checkWidth(association, place, findings)
  }
  for (const { source, entityType } of replicas) {
    const name = `replica_${snakeCase(source)}_${snakeCase(entityType)}`
    // Longer names are shortened with a digest, which keeps them apart.
    if (name.length > maximumIdentifierLength) continue
    tables.take(
      name,
      `The replica table of "${entityType}" in source "${source}"`,
      placeOf('sources', source),
    )
  }
}

function checkPrefix(name: string, place: Place, findings: Findings): boolean {
  const prefix = ['sluice_', 'replica_', 'pg_'].find((start) => snakeCase(name).startsWith(start))
  if (prefix === undefined) return true
  const message = `"${name}" would be a table that begins with "${prefix}", which is kept for the tables of ${prefix === 'pg_' ? 'PostgreSQL' : 'Sluice'}.`
  findings.add(findingCodes.name, place, message, { remedy: 'Choose another name.' })
  return false
}

function checkColumns(
  owner: EntityType | Association,
  placeOfProperty: (property: string) => Place,
  findings: Findings,
  reserved: readonly string[],
): void {
  const columns = new Taken(findings, reserved)
  for (const property of owner.properties) {
    for (const column of columnNames(property)) {
      columns.take(column, `Property "${property.name}" of "${owner.name}"`, placeOfProperty(property.name))
    }
  }
}

function checkWidth(owner: EntityType | Association, place: Place, findings: Findings): void {
  const count = owner.properties.flatMap(columnNames).length
  if (count <= mostColumns) return
  const message = `"${owner.name}" has ${count} columns in SQL; a table of PostgreSQL holds ${mostColumns} beside those of Sluice.`
  findings.add(findingCodes.name, place, message, {
    remedy: 'Leave out properties that nobody uses, or split them into two entity types.',
  })
}

/** An index lies among the tables, and PostgreSQL names this one itself. */
function primaryKeyOf(name: string): string {
  return `${snakeCase(name)}_pkey`
}

function columnNames(property: Property): readonly string[] {
  const name = snakeCase(property.name)
  if (property.type === 'reference') return [`${name}_id`]
  if (property.type === 'file') return [name, `${name}_filename`, `${name}_mediatype`]
  return [name]
}
