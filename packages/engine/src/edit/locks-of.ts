/**
 * Who locks what of which resources: the one place where edits ask.
 *
 * Locks are derived, never stored: a source locks an attribute of the resources that its replicas are attached to, where it masters it.
 *
 * @module
 */
import { isLocked, type Ownership, ownershipOf, type Source } from '@sluice/model'
import { commas, type SQL, sql, unionAll } from '@sluice/repository'
import { type RunContext, sourcesByName } from '../context/run-context.ts'
import { replicasOf } from '../sql/tables.ts'
import type { Lock } from './edit-errors.ts'

type Sources = Pick<RunContext, 'sources'>

/**
 * Relation (resource_id, property, source, key): each of the `properties` of resources of exactly this type that a source locks; of several
 * the one whose value wins, with the key of the row by which it does. `undefined`: none can be. `resources`: query of resource ids.
 */
export function locksOf(
  { sources }: Sources,
  entityType: string,
  of: { readonly properties: readonly string[]; readonly resources: SQL },
): SQL | undefined {
  const ownership = ownershipOf(sourcesByName(sources), entityType)
  const locks = ownership.owners.flatMap(({ source, entityType: held }) => {
    const locked = of.properties.filter((property) => isLocked(ownership, source, property))
    if (locked.length === 0) return []
    const properties = commas(
      locked.map(
        (property) =>
          sql`(${sql.literal(property)}, ${sql.literal(precedenceOf(ownership, source, property))})`,
      ),
    )
    const attached = ownership.shared
      ? sql`r.attached_run, r.seq`
      : sql`null::bigint as attached_run, null::bigint as seq`
    const holds =
      ownership.shared && source.obsoleteLocks === false ? sql` and r.status <> 'obsolete'` : sql.blank
    return [
      sql`select r.resource_id, v.property, ${sql.literal(source.name)}::text as source, r.key, v.precedence, ${attached}
      from ${replicasOf(source.name, held)} r cross join (values ${properties}) v(property, precedence)
      where r.resource_id in (${of.resources})${holds}`,
    ]
  })
  if (locks.length === 0) return undefined
  return sql`(select distinct on (x.resource_id, x.property) x.resource_id, x.property, x.source, x.key from (${unionAll(locks)}) x
    order by x.resource_id, x.property, x.precedence desc, x.attached_run, x.source, x.seq)`
}

function precedenceOf({ owners }: Ownership, source: Source, property: string): number {
  const assertions = owners.find((owner) => owner.source.name === source.name)?.assertions ?? []
  return assertions.find((assertion) => assertion.property === property)?.precedence ?? 0
}

/** What is told of a lock: `key` of the source's row, where it is known. */
export function lockBy(
  { sources }: Sources,
  name: string,
  of: { readonly key?: string | undefined; readonly property?: string | undefined } = {},
): Lock {
  const source = sources.get(name)?.source
  return {
    source: name,
    description: source?.description,
    link: filledIn(source?.link, of),
    icon: filledIn(source?.icon, of),
  }
}

function filledIn(
  template: string | undefined,
  { key = '', property = '' }: { readonly key?: string | undefined; readonly property?: string | undefined },
): string | undefined {
  return template
    ?.replaceAll('{key}', encodeURIComponent(key))
    .replaceAll('{property}', encodeURIComponent(property))
}
