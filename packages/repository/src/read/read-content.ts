/**
 * Reads the content of a file that a resource has as a value.
 *
 * @module
 */

import type { Database } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { columnOf, columnsOf } from '../layout/layout.ts'
import { columnOfRow, commas } from '../sql/fragments.ts'
import { sql, statement } from '../sql/statement.ts'
import { relationOf } from './property-reader.ts'
import { UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'
import { entityTypeNamed } from './read-resources.ts'
import type { FileContent } from './read-types.ts'

export interface ContentPlace {
  readonly entityType: string
  readonly resourceId: string
  readonly property: string
}

/**
 * `undefined`: there is no resource of the type (or of one that extends it) with this id, or it has no such file. Throws `UnknownNameError` for a
 * type that is not there, and for a property that is no file.
 */
export async function readContent(
  database: Database,
  { entityType, resourceId, property }: ContentPlace,
): Promise<FileContent | undefined> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    const type = entityTypeNamed(model, entityType)
    const files = type.properties.filter((one) => one.type === 'file')
    const found = files.find(({ name }) => name === property)
    if (found === undefined)
      throw new UnknownNameError(
        'property',
        property,
        files.map(({ name }) => name),
      )
    const columns = columnsOf(found).map((column, n) => {
      const as = sql.identifier(['content', 'name', 'mediaType'][n] ?? column.name)
      return sql`${columnOfRow(sql`o`, column.name)} as ${as}`
    })
    const wanted = statement<FileContent>(
      `read/content ${type.name}`,
      sql`select ${commas(columns)} from ${relationOf(model, type)} o
        where o.resource_id = ${sql.value(resourceId)}::bigint and ${columnOfRow(sql`o`, columnOf(found))} is not null`,
    )
    return (await run(session, wanted)).rows[0]
  })
}
