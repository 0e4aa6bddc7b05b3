/**
 * The repository's tables as statements name them.
 *
 * @module
 */
import type { Association, EntityType } from '@sluice/model'
import {
  assertedTable,
  columnsOf,
  linkColumns as columnsOfLinks,
  entityTable,
  linkTable,
  replicaTable,
  type SQL,
  sql,
  Table,
} from '@sluice/repository'

/** Table of the resources of exactly this type. */
export function resourcesOf(entityType: string): Table {
  return new Table(entityTable(entityType))
}

export function linksOf(association: string): Table {
  return new Table(linkTable(association))
}

/** Table of a source's replicas of an entity type. */
export function replicasOf(source: string, entityType: string): Table {
  return new Table(replicaTable(source, entityType))
}

/** Table of what a source asserts of a shared entity type. */
export function assertedOf(entityType: string, sourceId: number): Table {
  return new Table(assertedTable(entityType, sourceId))
}

export const orphanReferences = new Table('sluice_orphan_reference')
/** What resources answered to that were merged into others. */
export const mergedNames = new Table('sluice_merged_name')

export const orphanLinks = new Table('sluice_orphan_link')

/** Unquoted names of all property columns of a type. */
export function columnNames({ properties }: Pick<EntityType, 'properties'>): readonly string[] {
  return properties.flatMap((property) => columnsOf(property).map(({ name }) => name))
}

/** The property columns of links, as identifiers. */
export function linkColumns(association: Association): readonly SQL[] {
  return columnsOfLinks(association).map(({ name }) => sql.identifier(name))
}
