/**
 * May this resource be deleted by this person: the one place where edits ask.
 *
 * @module
 */
import { type EditorRole, ownershipOf, type Source, type UserDeletePolicy } from '@sluice/model'
import { type SQL, sql, type Table } from '@sluice/repository'
import { type RunContext, sourcesByName } from '../context/run-context.ts'
import { noPlace } from '../sql/row-version.ts'
import { assertedOf, replicasOf } from '../sql/tables.ts'

const permitted: Readonly<Record<UserDeletePolicy, readonly EditorRole[]>> = {
  nobody: [],
  administrators: ['administrator'],
  everybody: ['user', 'administrator'],
}

/** What a source says about deletions by people. */
export function deletePolicyOf({ userDelete = 'nobody' }: Pick<Source, 'userDelete'>): UserDeletePolicy {
  return userDelete
}

/** Whether a source lets people of the role delete what it has created. */
export function permitsDeletion(source: Pick<Source, 'userDelete'>, role: EditorRole): boolean {
  return permitted[deletePolicyOf(source)].includes(role)
}

/** The replicas that a source has of resources. */
export interface ReplicasGoing {
  readonly source: Source
  /** Of their mapping. */
  readonly entityType: string
  /**
   * Query (operation, key, resource_id, creator, …) of the replicas that go with the resources, in the form in which change sets hold them. Who
   * is creator is asked for its policy; where a source owns its resources whole, each is.
   */
  readonly rows: SQL
  /** Of a shared type: the table of what the source asserts, whose rows go. */
  readonly asserted: Table | undefined
}

/** A deletion by a person takes all replicas of the resource along, whichever source's. `resources`: query of resource ids. */
export function replicasGoing(
  { sources }: Pick<RunContext, 'sources'>,
  entityType: string,
  resources: SQL,
): readonly ReplicasGoing[] {
  const { owners, shared } = ownershipOf(sourcesByName(sources), entityType)
  const facts = shared
    ? sql`r.revision, null::text as status, r.creator, false as attached, false as changed, null::jsonb as error, null::jsonb as warnings, null::jsonb as matched, null::text as outcome`
    : sql`null::bigint as digest, ${noPlace} as place, true as creator`
  return owners.map(({ source, entityType: held }) => ({
    source,
    entityType: held,
    rows: sql`select 'delete'::text as operation, r.key, r.resource_id, ${facts}
      from ${replicasOf(source.name, held)} r where r.resource_id in (${resources})`,
    asserted: shared ? assertedOf(held, sources.get(source.name)?.id ?? 0) : undefined,
  }))
}
