import { hideSecret } from '@sluice/files'
import { isHidden, placeOfSecret } from '@sluice/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { one } from '../database/run-statement.ts'
import { migrate } from '../migrations/migrate.ts'
import { sql, statement } from '../sql/statement.ts'

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.integer({ min: 0, max: 200_000 }).map((length) => 'é'.repeat(length)),
)

describeEachDatabase('secrets', (open) => {
  test('the database hides a secret as the program does, whatever it is', async () => {
    await using database = await open()
    await migrate(database)
    const places = fc.record({
      key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      secret: text,
    })
    await fc.assert(
      fc.asyncProperty(places, async ({ key, secret }) => {
        fc.pre(!`${key}${secret}`.includes('\0') && `${key}${secret}`.isWellFormed())
        const place = { entityType: 'Person', property: 'password', key }
        const inSql = await database.session((session) =>
          one(
            session,
            statement<{ hidden: string }>(
              'test/hide',
              sql`select sluice_hide_secret(${sql.value(secret)}, ${sql.value(placeOfSecret('Person', 'password', key))}) as hidden`,
            ),
          ),
        )
        const hidden = hideSecret(place, secret)
        expect(inSql.hidden).toBe(hidden)
        expect(isHidden(hidden)).toBe(secret !== '')
        // What is hidden is not hidden again.
        expect(hideSecret(place, hidden)).toBe(hidden)
      }),
      { numRuns: 60 },
    )
  })
})
