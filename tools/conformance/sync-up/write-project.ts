/**
 * Turns the configuration of a case into a project on disk: the front door everybody goes through.
 *
 * A connector is a source, a mapping with `mono` an association in which a resource of the second
 * end has at most one link. Every limit that the case does not set is switched off, so that none
 * of our own defaults is at work.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Workplace } from '../suite.ts'
import type { CaseAssociation, CaseConfig, CaseConnector, CaseType } from './case-config.ts'
import type { CaseNames } from './case-names.ts'
import { associationLimits, connectorLimits, typeLimits } from './thresholds.ts'

/** Folder of the exported tables, inside the workplace. */
export const exportFolder = 'export'

export async function writeProject(
  config: CaseConfig,
  names: CaseNames,
  workplace: Workplace,
): Promise<void> {
  const project = {
    repository: repositoryOf(workplace),
    ...modelOf(config, names),
    sources: sourcesOf(config, names),
  }
  await writeFile(join(workplace.folder, 'sluice.yaml'), stringify(project))
}

function repositoryOf({ repository }: Workplace) {
  return repository.kind === 'folder'
    ? { folder: repository.path }
    : { url: repository.url, schema: repository.schema }
}

function modelOf(config: CaseConfig, names: CaseNames) {
  const connectors = Object.values(config)
  const associations = connectors.flatMap(({ assocs }) => Object.entries(assocs))
  const types = new Map(connectors.flatMap((connector) => Object.entries(connector.types)))
  const ends = associations.flatMap(([, { type1, type2 }]) => [type1, type2])
  const entityTypes = [...new Set([...types.keys(), ...ends])].map((name) => {
    const pk = types.get(name)?.pk
    const properties = names.columns(name).map((column) => [names.property(name, column), 'text'])
    const display = pk === undefined ? {} : { display: names.property(name, pk) }
    return [names.entityType(name), { ...display, properties: Object.fromEntries(properties) }]
  })
  return {
    entityTypes: Object.fromEntries(entityTypes),
    associations: Object.fromEntries(
      associations.map(([name, { type1, type2, mono }]) => [
        names.association(name),
        {
          from: names.entityType(type1),
          to: names.entityType(type2),
          cardinality: mono ? 'one-to-many' : 'many-to-many',
        },
      ]),
    ),
  }
}

function sourcesOf(config: CaseConfig, names: CaseNames) {
  return Object.fromEntries(
    Object.entries(config).map(([name, connector]) => [names.source(name), sourceOf(connector, names)]),
  )
}

function sourceOf({ types, assocs, thresholds }: CaseConnector, names: CaseNames) {
  const entities = Object.entries(types).map(([name, type]) => [
    names.entityType(name),
    entityMapping(name, type, names),
  ])
  const associations = Object.entries(assocs).map(([name, association]) => [
    names.association(name),
    associationMapping(association, names),
  ])
  return {
    folder: exportFolder,
    mode: 'complete',
    // What the README of the cases says about CSV; nothing is left to detection.
    format: { separator: ',', encoding: 'utf-8', shortRows: 'fill', quotedLineBreaks: 'trust' },
    thresholds: connectorLimits(thresholds),
    entities: Object.fromEntries(entities),
    associations: Object.fromEntries(associations),
  }
}

function entityMapping(name: string, { table, pk, columns, thresholds }: CaseType, names: CaseNames) {
  const properties = columns.map((column) => [names.property(name, column), column])
  return {
    file: names.file(table),
    key: names.property(name, pk),
    properties: Object.fromEntries(properties),
    thresholds: typeLimits(thresholds),
  }
}

function associationMapping(association: CaseAssociation, names: CaseNames) {
  const { table, col1, type1, key1, col2, type2, key2, thresholds } = association
  return {
    file: names.file(table),
    from: { column: col1, by: names.property(type1, key1) },
    to: { column: col2, by: names.property(type2, key2) },
    thresholds: associationLimits(thresholds),
  }
}
