/**
 * What a repository says, in a form that stands well in an expectation.
 *
 * @module
 */
import type { EngineHarness } from './engine-harness.ts'

/** The resources of a type, in the order of their ids: what is not absent, references as display values. */
export async function resourcesOf(
  harness: EngineHarness,
  entityType: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const records: Record<string, unknown>[] = []
  for await (const { values } of harness.repository.resources(entityType)) {
    records.push(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)))
  }
  return records
}

/** Links as `from > to`, with their properties where they have some; sorted. */
export async function linksOf(harness: EngineHarness, association: string): Promise<readonly string[]> {
  const links: string[] = []
  for await (const { from, to, properties } of harness.repository.links(association)) {
    const present = Object.entries(properties).filter(([, value]) => value !== null)
    links.push([`${from} > ${to}`, ...present.map(([name, value]) => `${name} ${String(value)}`)].join(', '))
  }
  return links.sort()
}

/** References and links that wait: `Person.manager = 7`, `Membership 1 > X`; sorted. */
export async function orphansOf(harness: EngineHarness): Promise<readonly string[]> {
  const rows = await harness.rows<{ orphan: string }>(
    `select entity_type || '.' || property || ' = ' || value as orphan from sluice_orphan_reference
     union all select association || ' ' || from_value || ' > ' || to_value from sluice_orphan_link`,
  )
  return rows.map(({ orphan }) => orphan).sort()
}
