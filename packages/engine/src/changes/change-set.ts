/**
 * A finished change set: what a run would do, in tables, with its counts. Whatever changes the repository produces one, and
 * nothing behind it knows who did.
 *
 * It is data, so that a held run can keep it in its row and an approval days later, in another
 * process, finds everything again.
 *
 * @module
 */
import type { EntityModel, Property } from '@sluice/model'
import { type SQL, sql, Table } from '@sluice/repository'
import { z } from 'zod'
import { entityTypeOf } from '../context/run-context.ts'
import { noPlace } from '../sql/row-version.ts'

const countsSchema = z.strictObject({ inserted: z.int(), updated: z.int(), deleted: z.int() })

/** Where the changes of replicas are: in a table of their own (of a held run), or in the rows they follow from. */
const replicaRowsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('table'), table: z.string() }),
  z.strictObject({
    kind: z.literal('rows'),
    /** Tables; the attached rows have the key in the column `key`. */
    attached: z.string().nullable(),
    key: z.string(),
    disappeared: z.string().nullable(),
  }),
])
type ReplicaRows = z.infer<typeof replicaRowsSchema>

/** What is remembered of a source whose delivery this is, once it is applied. */
const sourceStateSchema = z.strictObject({
  sourceId: z.int(),
  /** What the repository stands for then: the base of the next incremental, or none may build on it. */
  appliedDelivery: z.string().nullable(),
  /** How the mappings read their rows; empty where that is remembered already. */
  mappings: z.array(z.strictObject({ mapping: z.string(), definition: z.record(z.string(), z.string()) })),
})

/**
 * What changes of the stored graph of a source. Tables hold: _operation (delete, or another), and of nodes and relationships id and the columns of the
 * stored ones; of results mapping, root, key, fields, digest; of failures root, kind, problem, message, file, line, column_number, since_run.
 */
const graphChangesSchema = z.strictObject({
  sourceId: z.int(),
  nodes: z.string(),
  relationships: z.string(),
  results: z.string(),
  failures: z.string(),
})
export type GraphChanges = z.infer<typeof graphChangesSchema>

export const changeSetSchema = z.strictObject({
  /** Tables hold: _operation, resource_id, _key, _base_version, _base_place, _drift, the type's columns. */
  entities: z.array(
    z.strictObject({
      entityType: z.string(),
      table: z.string(),
      counts: countsSchema,
      /** The only properties in which anything is changed, of resources that are stored; the table holds no columns of others. */
      properties: z.array(z.string()).optional(),
    }),
  ),
  replicas: z.array(z.strictObject({ source: z.string(), entityType: z.string(), rows: replicaRowsSchema })),
  /** What becomes of replicas of shared types. Tables hold: operation, key, revision, and what is known of the replica (`replicas/leave-statuses.ts`). */
  statuses: z
    .array(
      z.strictObject({
        source: z.string(),
        entityType: z.string(),
        asserted: z.string(),
        table: z.string(),
        /** Every operation is `write`: no row is deleted, and none leaves its resource. */
        onlyWrites: z.literal(true).optional(),
        /** Rows that several resources match wait for a person. */
        queue: z.literal(true).optional(),
        /** People wanted something of its rows. */
        acted: z.literal(true).optional(),
        /** Of how many of its rows no replica is there yet. */
        arriving: z.int().optional(),
      }),
    )
    .default([]),
  /** What is undone with replicas of shared types. Tables hold: operation, key, resource_id, asserted, replica (`revert/undo-replicas.ts`). */
  undone: z
    .array(
      z.strictObject({ source: z.string(), entityType: z.string(), asserted: z.string(), table: z.string() }),
    )
    .optional(),
  /** Tables hold: _operation, _drift, source_id, from_id, to_id, the association's columns. Without a source: people's links. */
  links: z.array(
    z.strictObject({
      source: z.string().nullable(),
      association: z.string(),
      table: z.string(),
      counts: countsSchema,
    }),
  ),
  /** The run of which the merges are taken back. */
  unmerges: z.int().optional(),
  /** Resources that go because they become one with another, and the sources whose rows follow. Tables hold: merged_id, kept_id. */
  merges: z
    .array(
      z.strictObject({
        entityType: z.string(),
        table: z.string(),
        sources: z.array(z.string()),
        /** By source, where its rows are not those of the type: of which that it extends. */
        held: z.record(z.string(), z.string()).optional(),
        /** By which several of their properties name them together. */
        namedBy: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  /** Entity types whose rows are in their tables already, because nothing was stored of them. */
  loaded: z.array(z.strictObject({ source: z.string(), entityType: z.string() })),
  /**
   * Entity types of which externally written rows were compared; by a source, where others own resources of the type too.
   * Tables hold the versions that were compared: _base_version.
   */
  checked: z.array(
    z.strictObject({ entityType: z.string(), sourceId: z.int().nullable(), table: z.string() }),
  ),
  /** How many resources of a shared type there were before the run, which a source will go by. */
  counted: z
    .array(z.strictObject({ sourceId: z.int(), entityType: z.string(), resources: z.int() }))
    .optional(),
  /**
   * How much each mapping of a source has stored after the run, or by how much that grows; and how many of its rows are rejected for
   * their values, where the run says anything of them.
   */
  stored: z.array(
    z.strictObject({
      source: z.string(),
      mapping: z.string(),
      stored: z.int().nullable(),
      growth: z.int(),
      rejected: z.int().nullable(),
    }),
  ),
  source: sourceStateSchema.nullable(),
  /** Of a source that is a graph. */
  graph: graphChangesSchema.optional(),
  /** Nothing of it concerns what waits for its target, so nobody has to look. */
  orphans: z.literal('none').optional(),
  /**
   * What it writes shall look as if somebody else had written it, so that the next complete of each source compares it and brings what is
   * locked again.
   */
  external: z.boolean().optional(),
})
export type ChangeSet = z.infer<typeof changeSetSchema>
export type EntityChangeEntry = ChangeSet['entities'][number]
export type LinkChangeEntry = ChangeSet['links'][number]

/** The properties in which the changes may differ from what is stored. */
export function propertiesOf(
  model: EntityModel,
  { entityType, properties }: EntityChangeEntry,
): readonly Property[] {
  const all = entityTypeOf(model, entityType).properties
  return properties === undefined ? all : all.filter(({ name }) => properties.includes(name))
}

/** How many changes an entry holds. */
export function sizeOf({ counts }: Pick<EntityChangeEntry, 'counts'>): number {
  return counts.inserted + counts.updated + counts.deleted
}

/** Relation (operation, key, resource_id, digest, place) of the changes of replicas. */
export function replicaChanges(rows: ReplicaRows): SQL {
  if (rows.kind === 'table') return sql`${new Table(rows.table)}`
  const parts: SQL[] = []
  if (rows.attached !== null) {
    parts.push(sql`select case when a._replica_resource_id is null then 'insert' else 'update' end as operation,
        a.${sql.identifier(rows.key)} as key, a._resource_id as resource_id, a._digest as digest, a._replica_place as place
      from ${new Table(rows.attached)} a
      where a._replica_resource_id is distinct from a._resource_id or a._replica_digest is distinct from a._digest`)
  }
  if (rows.disappeared !== null) {
    parts.push(sql`select 'delete' as operation, g.key, g.resource_id, null::bigint as digest, ${noPlace} as place
      from ${new Table(rows.disappeared)} g`)
  }
  return sql`(${sql.join(parts, ' union all ')})`
}
