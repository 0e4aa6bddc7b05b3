/**
 * What a repository must hold, computed from what its sources asserted last: a small, obvious model to hold
 * the engine to.
 *
 * A resource is the last row of its key that could be read. A reference or an end of a link is the one
 * resource that answers to the value; when none does, or two do, it waits.
 *
 * @module
 */
import { columnOf, entityTable, identifier, linkTable, replicaTable } from '@sluice/repository'
import type { RepositoryView } from './engine-harness.ts'

export type AssertedValues = Readonly<Record<string, string>>

/** By entity type: from which table a reference is filled, and by which property of whom. */
export interface ReferenceRule {
  readonly property: string
  /** Entity types that may answer. */
  readonly family: readonly string[]
  readonly by: string
}

export interface LinkRule {
  readonly association: string
  readonly from: ReferenceRule
  readonly to: ReferenceRule
}

export interface AssertedRow {
  readonly source: string
  readonly name: string
  readonly key: string
  readonly row: AssertedValues
}

/**
 * Lines that describe resources (what has an entry in `references`), links and orphans; `storedLines` reads the same from a
 * repository.
 */
export function expectedLines(
  statements: readonly AssertedRow[],
  references: Readonly<Record<string, readonly ReferenceRule[]>>,
  ends: (statement: AssertedRow) => LinkRule,
): readonly string[] {
  const isResource = ({ name }: AssertedRow) => name in references
  const resources = statements.filter(isResource)
  const links = statements.filter((statement) => !isResource(statement))
  const answer = ({ family, by }: ReferenceRule, value: string | undefined) => {
    if (value === undefined || value === '') return undefined
    const found = resources.filter(({ name, row }) => family.includes(name) && row[by] === value)
    return found.length === 1 && found[0] ? labelOf(found[0]) : undefined
  }
  const lines: string[] = []
  for (const statement of resources) {
    const own = references[statement.name] ?? []
    const label = labelOf(statement)
    const scalars = Object.entries(statement.row).filter(
      ([column, value]) => value !== '' && !own.some(({ property }) => property === column),
    )
    const pointed = own.flatMap((reference): [string, string][] => {
      const target = answer(reference, statement.row[reference.property])
      return target === undefined ? [] : [[reference.property, target]]
    })
    lines.push(line(label, [...scalars, ...pointed]))
    for (const reference of own) {
      const value = statement.row[reference.property]
      if (value && answer(reference, value) === undefined)
        lines.push(`${label} waits ${reference.property} ${value}`)
    }
  }
  for (const statement of links) {
    const { from, to } = ends(statement)
    const { row } = statement
    const found = [answer(from, row['from']), answer(to, row['to'])] as const
    const weight = row['weight'] ? ` ${row['weight']}` : ''
    if (found[0] !== undefined && found[1] !== undefined) {
      lines.push(`${statement.source} ${statement.name} ${found[0]} > ${found[1]}${weight}`)
    } else lines.push(`${statement.source} ${statement.name} waits ${row['from']} > ${row['to']}${weight}`)
  }
  return lines.sort()
}

/** The same lines as the repository holds them; a resource without a replica is called by its id. */
export async function storedLines(harness: RepositoryView): Promise<readonly string[]> {
  const labels = await labelsOf(harness)
  const label = (id: string) => labels.get(id) ?? `#${id}`
  const lines: string[] = []
  const { model } = harness.configuration
  for (const type of model.entityTypes.values()) {
    if (type.abstract) continue
    for (const row of await harness.rows(`select * from ${identifier(entityTable(type.name))}`)) {
      const values = type.properties.flatMap((property): [string, string][] => {
        const value = row[columnOf(property)]
        if (value === null || value === undefined) return []
        return [[property.name, property.type === 'reference' ? label(String(value)) : String(value)]]
      })
      lines.push(line(label(String(row['resource_id'])), values))
    }
  }
  for (const association of model.associations.values()) {
    const rows = await harness.rows<{
      source: string
      from_id: string
      to_id: string
      weight?: string | null
    }>(
      `select s.name as source, l.* from ${identifier(linkTable(association.name))} l join sluice_source s using (source_id)`,
    )
    for (const { source, from_id, to_id, weight } of rows) {
      lines.push(
        `${source} ${association.name} ${label(from_id)} > ${label(to_id)}${weight ? ` ${weight}` : ''}`,
      )
    }
  }
  const waiting = await harness.rows<{ resource_id: string; property: string; value: string }>(
    'select resource_id, property, value from sluice_orphan_reference',
  )
  for (const { resource_id, property, value } of waiting)
    lines.push(`${label(resource_id)} waits ${property} ${value}`)
  const links = await harness.rows<{ text: string }>(
    `select s.name || ' ' || w.association || ' waits ' || w.from_value || ' > ' || w.to_value || coalesce(' ' || (w.properties ->> 'weight'), '') as text
     from sluice_orphan_link w join sluice_source s using (source_id)`,
  )
  return [...lines, ...links.map(({ text }) => text)].sort()
}

async function labelsOf(harness: RepositoryView): Promise<ReadonlyMap<string, string>> {
  const labels = new Map<string, string>()
  for (const source of harness.configuration.sources.values()) {
    for (const { entityType: name } of source.entities) {
      const replicas = identifier(replicaTable(source.name, name))
      const rows = await harness.rows<{ key: string; resource_id: string }>(
        `select key, resource_id from ${replicas}`,
      )
      for (const { key, resource_id } of rows) {
        labels.set(resource_id, labelOf({ source: source.name, name, key }))
      }
    }
  }
  return labels
}

function labelOf({ source, name, key }: Pick<AssertedRow, 'source' | 'name' | 'key'>): string {
  return `${source}/${name}/${key}`
}

function line(label: string, values: readonly (readonly [string, string])[]): string {
  const parts = values.map(([name, value]) => `${name} ${value}`).sort()
  return [label, ...parts].join(' | ')
}
