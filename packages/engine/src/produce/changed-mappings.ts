/**
 * Reports that a mapping is not the one of the source's last run.
 *
 * A column that is mapped anew updates every resource, and a threshold then holds the run; whoever has to
 * approve it should know that nobody changed the data. So each applied run leaves how its mappings read.
 *
 * @module
 */
import type { AssociationMapping, EntityMapping, PropertyMapping, Source } from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { z } from 'zod'

/** How a mapping reads its rows, in words, by property or end. */
type Definition = Readonly<Record<string, string>>
const definitionSchema = z.record(z.string(), z.string())

export interface ChangedMappings {
  /** A note for each mapping that changed since the last applied run, by its name. */
  readonly notes: ReadonlyMap<string, string>
  /** What is to be remembered of all of them; empty where it is. */
  readonly toRemember: readonly { readonly mapping: string; readonly definition: Definition }[]
}

export async function findChangedMappings(
  session: Session,
  sourceId: number,
  source: Source,
): Promise<ChangedMappings> {
  const { rows } = await run(session, rememberedMappings(sourceId))
  const before = new Map(rows.map(({ mapping, definition }) => [mapping, definitionSchema.parse(definition)]))
  const notes = new Map<string, string>()
  let unknown = false
  const definitions = definitionsOf(source)
  for (const [name, now] of definitions) {
    const was = before.get(name)
    const differences = was === undefined ? [] : differencesBetween(was, now)
    unknown ||= was === undefined || differences.length > 0
    if (differences.length > 0) {
      notes.set(name, `The mapping of ${name} changed since the last run: ${differences.join('; ')}.`)
    }
  }
  const all = [...definitions].map(([mapping, definition]) => ({ mapping, definition }))
  return { notes, toRemember: unknown ? all : [] }
}

function rememberedMappings(sourceId: number): Statement<{ mapping: string; definition: unknown }> {
  return statement(
    'produce/remembered-mappings',
    sql`select mapping, definition from sluice_mapping where source_id = ${sql.literal(sourceId)}`,
  )
}

function definitionsOf({ entities, associations }: Source): ReadonlyMap<string, Definition> {
  return new Map([
    ...entities.map((mapping) => [mapping.name, entityDefinition(mapping)] as const),
    ...associations.map((mapping) => [mapping.name, associationDefinition(mapping)] as const),
  ])
}

function entityDefinition({ key, properties }: EntityMapping): Definition {
  return { 'its key': key, ...propertiesOf(properties) }
}

function associationDefinition({ from, to, properties }: AssociationMapping): Definition {
  const end = ({ column, by }: typeof from) => `column ${column}, by ${by}`
  return { 'its from': end(from), 'its to': end(to), ...propertiesOf(properties) }
}

function propertiesOf(properties: readonly PropertyMapping[]): Definition {
  return Object.fromEntries(properties.map((mapping) => [mapping.property, wordsOf(mapping)]))
}

function wordsOf({ property: _, column, words, ...rest }: PropertyMapping): string {
  const options = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${JSON.stringify(value)}`],
  )
  const truth = words === undefined ? [] : [`words ${JSON.stringify([words.true, words.false])}`]
  return [`column ${column}`, ...options.sort(), ...truth].join(', ')
}

function differencesBetween(was: Definition, now: Definition): readonly string[] {
  const added = Object.keys(now).filter((name) => was[name] === undefined)
  const gone = Object.keys(was).filter((name) => now[name] === undefined)
  const changed = Object.keys(now).filter((name) => was[name] !== undefined && was[name] !== now[name])
  return [
    ...added.map((name) => `${name} is new (${now[name]})`),
    ...changed.map((name) => `${name}: ${now[name]} (it was: ${was[name]})`),
    ...gone.map((name) => `${name} is gone`),
  ]
}
