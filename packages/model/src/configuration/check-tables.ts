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

/** Says where something was defined. */
export type PlaceOfDefinition = (
  section: 'entityTypes' | 'associations' | 'sources',
  ...path: string[]
) => Place

/** Columns every PostgreSQL table has already. */
const systemColumns = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']
const entityColumns = ['resource_id']
const linkColumns = ['source_id', 'from_id', 'to_id']

/** What a name takes in a table or a schema, and whose it is. */
class Taken {
  readonly #owners = new Map<string, string>()
  readonly #findings: Findings

  constructor(findings: Findings, reserved: readonly string[] = []) {
    this.#findings = findings
    for (const name of reserved) this.#owners.set(name, '')
  }

  take(sqlName: string, owner: string, place: Place): void {
    const other = this.#owners.get(sqlName)
    if (other === owner) return
    if (other !== undefined) {
      const reason =
        other === '' ? `Sluice and PostgreSQL keep "${sqlName}" for themselves` : `${other} takes it too`
      this.#findings.add(
        findingCodes.name,
        place,
        `${owner} would be called "${sqlName}" in SQL, and ${reason}.`,
        {
          remedy: 'Choose another name.',
        },
      )
      return
    }
    this.#owners.set(sqlName, owner)
    if (sqlName.length > maximumIdentifierLength) {
      this.#findings.add(
        findingCodes.name,
        place,
        `${owner} would be called "${sqlName}" in SQL, which is longer than ${maximumIdentifierLength} characters.`,
        { remedy: 'Choose a shorter name.' },
      )
    }
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
      tables.take(snakeCase(type.name), `Entity type "${type.name}"`, place)
      tables.take(`${snakeCase(type.name)}_all`, `The view of entity type "${type.name}"`, place)
    }
    checkColumns(type, (property) => placeOf('entityTypes', type.name, 'properties', property), findings, [
      ...entityColumns,
      ...systemColumns,
    ])
  }
  for (const association of model.associations.values()) {
    const place = placeOf('associations', association.name)
    if (checkPrefix(association.name, place, findings)) {
      tables.take(snakeCase(association.name), `Association "${association.name}"`, place)
    }
    const placeOfProperty = (property: string) =>
      placeOf('associations', association.name, 'properties', property)
    checkColumns(association, placeOfProperty, findings, [...linkColumns, ...systemColumns])
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

function columnNames(property: Property): readonly string[] {
  const name = snakeCase(property.name)
  if (property.type === 'reference') return [`${name}_id`]
  if (property.type === 'file') return [name, `${name}_filename`, `${name}_mediatype`]
  return [name]
}
