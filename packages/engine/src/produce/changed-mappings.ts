/**
 * Reports that a mapping is not the one of the source's last run.
 *
 * A column that is mapped anew updates every resource, and a threshold then holds the run; whoever has to
 * approve it should know that nobody changed the data. So each applied run leaves how its mappings read. No incremental may build
 * on rows that were read otherwise.
 *
 * @module
 */
import { differencesBetween, type EntityModel, type Reading, readingsOf, type Source } from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { z } from 'zod'

const readingSchema = z.record(z.string(), z.string())

export interface ChangedMappings {
  /** Says which mappings changed since the last applied run, and how; what all of a graph have alike is said once. */
  readonly notes: readonly string[]
  /** What is to be remembered of all of them; empty where it is. */
  readonly toRemember: readonly { readonly mapping: string; readonly definition: Reading }[]
  /** Mappings that the last applied run did not have. */
  readonly added: readonly string[]
}

export async function findChangedMappings(
  session: Session,
  source: Source,
  model: EntityModel,
): Promise<ChangedMappings> {
  const { rows } = await run(session, rememberedMappings(source.name))
  const before = new Map(rows.map(({ mapping, definition }) => [mapping, readingSchema.parse(definition)]))
  const changed = new Map<string, string[]>()
  const readings = readingsOf(source, model)
  for (const [name, now] of readings) {
    const was = before.get(name)
    const differences = was === undefined ? '' : differencesBetween(was, now).join('; ')
    if (differences !== '') changed.set(differences, [...(changed.get(differences) ?? []), name])
  }
  const added = [...readings.keys()].filter((name) => !before.has(name))
  const notes = [...changed].map(
    ([differences, names]) => `${mappingsOf(names)} changed since the last run: ${differences}.`,
  )
  const all = [...readings].map(([mapping, definition]) => ({ mapping, definition }))
  return { notes, added, toRemember: notes.length + added.length > 0 ? all : [] }
}

function mappingsOf(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2
    ? `The mapping of ${last}`
    : `The mappings of ${names.slice(0, -1).join(', ')} and ${last}`
}

function rememberedMappings(source: string): Statement<{ mapping: string; definition: unknown }> {
  return statement(
    'produce/remembered-mappings',
    sql`select mapping, definition from sluice_mapping join sluice_source source using (source_id)
    where source.name = ${sql.value(source)}`,
  )
}
