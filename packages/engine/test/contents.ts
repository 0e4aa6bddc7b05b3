/**
 * What a repository says, in a form that stands well in an expectation.
 *
 * @module
 */
import type { World } from './world.ts'

/** The resources of a type, in the order of their ids: what is not absent, references as display values. */
export async function resourcesOf(
  world: World,
  entityType: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const records: Record<string, unknown>[] = []
  for await (const { values } of world.repository.resources(entityType)) {
    records.push(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)))
  }
  return records
}

/** Links as `from > to`, with their properties where they have some; sorted. */
export async function linksOf(world: World, association: string): Promise<readonly string[]> {
  const links: string[] = []
  for await (const { from, to, properties } of world.repository.links(association)) {
    const said = Object.entries(properties).filter(([, value]) => value !== null)
    links.push([`${from} > ${to}`, ...said.map(([name, value]) => `${name} ${String(value)}`)].join(', '))
  }
  return links.sort()
}

/** References and links that wait: `Person.manager = 7`, `Membership 1 > X`; sorted. */
export async function orphansOf(world: World): Promise<readonly string[]> {
  const rows = await world.rows<{ orphan: string }>(
    `select entity_type || '.' || property || ' = ' || value as orphan from sluice_orphan_reference
     union all select association || ' ' || from_value || ' > ' || to_value from sluice_orphan_link`,
  )
  return rows.map(({ orphan }) => orphan).sort()
}
