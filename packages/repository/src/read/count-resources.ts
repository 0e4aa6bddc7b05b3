/**
 * Counts resources: of every entity type, or those of one that fulfil conditions.
 *
 * @module
 */
import type { Database } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { entityTable, family } from '../layout/layout.ts'
import { allOf, commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import { compileConditions, conditionsIn } from './compile-conditions.ts'
import { relationOf } from './property-reader.ts'
import { readModel } from './read-model.ts'
import { comparablesOf, entityTypeNamed, refuseSecrets } from './read-resources.ts'
import type { ResourceQuery, TypeCount } from './read-types.ts'

/** In the order of the model. */
export async function countTypes(database: Database): Promise<readonly TypeCount[]> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    const concrete = [...model.entityTypes.values()].filter(({ abstract }) => !abstract)
    if (concrete.length === 0) return []
    const counted = await one(session, countEach(concrete.map(({ name }) => name)))
    const own = new Map(concrete.map(({ name }, at) => [name, Number(counted[`n${at}`] ?? 0)]))
    const sources = [...model.sources.values()]
    return [...model.entityTypes.values()].map(({ name, extends: base, abstract }) => ({
      type: name,
      extends: base ?? null,
      abstract,
      resources: family(model, name).reduce((sum, member) => sum + (own.get(member.name) ?? 0), 0),
      own: own.get(name) ?? 0,
      sources: sources.flatMap((source) =>
        source.entities.some(({ entityType }) => entityType === name) ? [source.name] : [],
      ),
    }))
  })
}

function countEach(types: readonly string[]): Statement<Record<string, string>> {
  const counts = types.map(
    (name, at): SQL =>
      sql`(select count(*) from ${new Table(entityTable(name))})::text as ${sql.identifier(`n${at}`)}`,
  )
  return statement('read/count-types', sql`select ${commas(counts)}`)
}

/** Of the type and of those that extend it. */
export async function countResources(
  database: Database,
  entityType: string,
  { where = [], includeSubtypes }: Pick<ResourceQuery, 'where' | 'includeSubtypes'> = {},
): Promise<number> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    const type = entityTypeNamed(model, entityType)
    refuseSecrets(type, { where })
    const readers = comparablesOf(model, type)
    const conditions = compileConditions(where, readers)
    const mentioned = new Set(conditionsIn(where).map(({ property }) => property))
    const joins = readers.filter(({ name }) => mentioned.has(name)).map(({ join }) => join)
    const { rows } = await run(
      session,
      statement<{ count: string }>(
        `read/count-resources ${type.name}`,
        sql`select count(*)::text as count from ${relationOf(model, type, includeSubtypes)} o ${sql.join(joins, ' ')}
        where ${allOf(conditions)}`,
      ),
    )
    return Number(rows[0]?.count ?? 0)
  })
}
