/**
 * Everything a repository holds, and everything it physically is.
 *
 * @module
 */
import { columnOf, entityTable, identifier, linkTable, literal, replicaTable } from '@sluice/repository'
import type { RepositoryView } from './engine-harness.ts'

/** What belongs to runs and deliveries, not to what they brought. */
const records = [
  'sluice_run',
  'sluice_delivery',
  'sluice_rejected_row',
  'sluice_orphan_reference_change',
  'sluice_orphan_link_change',
]

/**
 * Every row version of every table but the records of runs: equal before and after means that nothing
 * was written, not even a row rewritten as it was. The names of tables are part of it, so that a work
 * table left behind shows.
 */
export async function rowVersions(
  harness: RepositoryView,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables = await harness.rows<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'r' order by relname`,
  )
  const queries = tables
    .filter(({ name }) => !records.includes(name))
    .map(({ name }) => {
      // Which delivery was applied last is a record of the run, too.
      const version =
        name === 'sluice_source' ? 't.source_id, t.name' : 't.ctid::text, t.xmin::text, md5(t::text)'
      return `select ${literal(name)} as name, concat_ws(' ', ${version}) as version from ${identifier(name)} t`
    })
  const versions: Record<string, string[]> = Object.fromEntries(tables.map(({ name }) => [name, []]))
  const rows = await harness.rows<{ name: string; version: string }>(
    `${queries.join(' union all ')} order by 1, 2`,
  )
  for (const { name, version } of rows) versions[name]?.push(version)
  return versions
}

/** What a run must never leave: replicas, references, links and orphans that contradict one another. */
export async function contradictions(harness: RepositoryView): Promise<readonly string[]> {
  const found: string[] = []
  const { model, sources } = harness.configuration
  const concrete = [...model.entityTypes.values()].filter(({ abstract }) => !abstract)
  const resources = `(${concrete.map(({ name }) => `select resource_id from ${table(name)}`).join(' union all ')})`
  const check = async (what: string, query: string) => {
    const [row] = await harness.rows<{ count: string }>(`select count(*) as count from (${query}) x`)
    if (row?.count !== '0') found.push(`${what}: ${row?.count}`)
  }
  for (const source of sources.values()) {
    for (const { entityType } of source.entities) {
      const replicas = identifier(replicaTable(source.name, entityType))
      await check(
        `replicas of ${entityType} from ${source.name} without a resource`,
        `select from ${replicas} r where not exists (select from ${table(entityType)} o where o.resource_id = r.resource_id)`,
      )
    }
  }
  for (const type of concrete) {
    for (const property of type.properties) {
      if (property.type !== 'reference') continue
      const column = identifier(columnOf(property))
      await check(
        `references ${type.name}.${property.name} to nobody`,
        `select from ${table(type.name)} o where ${column} is not null and not exists (select from ${resources} t where t.resource_id = o.${column})`,
      )
      await check(
        `orphan references ${type.name}.${property.name} of nobody, or of one that points somewhere`,
        `select from sluice_orphan_reference w left join ${table(type.name)} o on o.resource_id = w.resource_id
         where w.entity_type = '${type.name}' and w.property = '${property.name}' and (o.resource_id is null or o.${column} is not null)`,
      )
    }
  }
  for (const association of model.associations.values()) {
    for (const end of ['from_id', 'to_id']) {
      await check(
        `links of ${association.name} without ${end}`,
        `select from ${identifier(linkTable(association.name))} l where not exists (select from ${resources} t where t.resource_id = l.${end})`,
      )
    }
  }
  await check(
    'work tables left behind',
    `select from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname ~ '^sluice_(run|plan)_'`,
  )
  for (const changes of ['sluice_orphan_reference_change', 'sluice_orphan_link_change']) {
    await check(
      `rows of ${changes} of a run that is not held`,
      `select from ${changes} c where not exists (select from sluice_run r where r.run_id = c.run_id and r.state = 'held')`,
    )
  }
  return found
}

function table(entityType: string): string {
  return identifier(entityTable(entityType))
}
