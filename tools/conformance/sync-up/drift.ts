/**
 * Changes resources behind the back of the product, as somebody does with SQL.
 *
 * @module
 */

import type { CaseHarness } from './case-harness.ts'
import type { Row } from './csv-text.ts'

/**
 * Makes the rows all the resources of a type: those that have a row's primary key already are
 * changed where they differ, the others go, and what is left of the rows is new.
 */
export async function driftTo(harness: CaseHarness, entityType: string, rows: readonly Row[]): Promise<void> {
  const { names, repository } = harness
  const pk = Object.values(harness.config).find(({ types }) => Object.hasOwn(types, entityType))?.types[
    entityType
  ]?.pk
  if (pk === undefined) throw new Error(`No connector maps ${entityType}.`)
  const stored: { readonly id: string; readonly key: unknown }[] = []
  for await (const { resourceId, values } of repository.resources(names.entityType(entityType))) {
    stored.push({ id: resourceId, key: values[names.property(entityType, pk)] })
  }
  const table = `"${names.entityType(entityType)}"`
  await repository.database.transaction(async (session) => {
    for (const row of rows) {
      const columns = [...row.keys()].map((column) => `"${names.property(entityType, column)}"`).join(', ')
      const values = [...row.values()].map((value) => (value === '' ? null : value))
      const places = values.map((_, index) => `$${index + 1}::text`).join(', ')
      const known = stored.findIndex(({ key }) => (key ?? '') === row.get(pk))
      const [same] = known === -1 ? [] : stored.splice(known, 1)
      if (same === undefined) {
        await session.query(`insert into ${table} (${columns}) values (${places})`, values)
      } else {
        await session.query(
          `update ${table} set (${columns}) = row(${places})
           where resource_id = ${same.id} and row(${columns}) is distinct from row(${places})`,
          values,
        )
      }
    }
    for (const { id } of stored) await session.execute(`delete from ${table} where resource_id = ${id}`)
  })
}
