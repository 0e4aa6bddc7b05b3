/**
 * What the report of an edit says, and what of it is weighed.
 *
 * @module
 */
import {
  type AssociationReport,
  type AssociationThresholds,
  type ChangeCounts,
  type EntityReport,
  type EntityThresholds,
  type Limit,
  usualThresholds,
} from '@sluice/model'
import { one, type SQL, type Statement, sql, statement } from '@sluice/repository'
import type { EntityChangeEntry, LinkChangeEntry } from '../changes/change-set.ts'
import { type Limits, limitsOf } from '../changes/limits.ts'
import { entityTypeOf, type KnownSources, type RunContext, sourcesByName } from '../context/run-context.ts'
import { orphansOf } from '../produce/source-report.ts'
import { linksOf, resourcesOf } from '../sql/tables.ts'

/** What the sources' limits are for their mappings, holds for people's changes of the same; where there is none, the usual one. */
export function limitsOfEdit(sources: KnownSources): Limits {
  const all = [...sources.values()].map(({ source }) => source)
  return {
    ...limitsOf(undefined, sourcesByName(sources)),
    entity: (type) =>
      all.flatMap(({ entities }) => entities.find(({ entityType }) => entityType === type) ?? [])[0]
        ?.thresholds ?? usualThresholds.entity,
    association: (name) =>
      all.flatMap(({ associations }) => associations.find(({ association }) => association === name) ?? [])[0]
        ?.thresholds ?? usualThresholds.association,
  }
}

export async function entityReport(
  context: RunContext,
  limits: Limits,
  { entityType, counts }: EntityChangeEntry,
): Promise<EntityReport> {
  const table = resourcesOf(entityType).name
  return editedReport(entityType, counts, {
    stored: await countStored(context, table, isWeighty(counts, limits.entity(entityType))),
    orphans: await orphansOf(context, entityTypeOf(context.model, entityType)),
  })
}

/** `stored`: resources of the type; `orphans`: references of theirs that wait for their targets. */
export function editedReport(
  entityType: string,
  counts: ChangeCounts,
  { stored, orphans }: { readonly stored: number; readonly orphans: number },
): EntityReport {
  return {
    mapping: entityType,
    source: null,
    rows: null,
    changes: counts,
    stored,
    withheld: 0,
    stillRejected: 0,
    orphanReferences: orphans,
  }
}

export async function linkReport(
  context: RunContext,
  limits: Limits,
  { association, counts }: LinkChangeEntry,
): Promise<AssociationReport> {
  return {
    mapping: association,
    source: null,
    rows: null,
    changes: counts,
    stored: await countStored(
      context,
      linksOf(association).name,
      isWeighty(counts, limits.association(association)),
    ),
    withheld: 0,
    stillRejected: 0,
  }
}

/** Whether it may depend on what is stored how the guard decides. To count a million rows takes longer than to change one. */
export function isWeighty(counts: ChangeCounts, limits: EntityThresholds & AssociationThresholds): boolean {
  const weighs = (found: number, limit: Limit | undefined) =>
    limit?.percent !== undefined && found > 0 && (found > 1 || found >= (limit.atLeast ?? 0))
  return (
    weighs(counts.inserted, limits.inserted) ||
    weighs(counts.updated, limits.updated) ||
    weighs(counts.deleted, limits.deleted)
  )
}

async function countStored({ session }: RunContext, table: string, exactly: boolean): Promise<number> {
  return Number((await one(session, exactly ? counted(table) : estimated(table))).count)
}

function counted(table: string): Statement<{ count: string }> {
  return statement(`edit/count-stored ${table}`, sql`select ${countedIn(table)} as count`)
}

function estimated(table: string): Statement<{ count: string }> {
  return statement(`edit/estimate-stored ${table}`, sql`select ${estimatedIn(table)} as count`)
}

/** Scalar subquery: the rows of a table. */
export function countedIn(table: string): SQL {
  return sql`(select count(*) from ${sql.identifier(table)})`
}

/** Scalar subquery: as of the last statistics. */
export function estimatedIn(table: string): SQL {
  return sql`(select greatest(reltuples, 0)::bigint from pg_class
    where relname = ${sql.value(table)} and relnamespace = current_schema()::regnamespace)`
}
