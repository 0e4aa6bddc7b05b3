import { keyOf, normalizers } from '@sluice/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { run } from '../database/run-statement.ts'
import { sql, statement } from '../sql/statement.ts'
import { worthKey } from './normalized.ts'

/** What normalizers look for, in pieces that make up one another. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'S/N',
      's/n',
      'SN',
      'Serial No.',
      'SERIAL NUMBER',
      ':',
      '#',
      '-',
      '.',
      '/',
      '\\',
      '_',
      ',',
      '*',
      '$',
      '^',
    ],
    ...['N/A', 'none', 'To be filled by O.E.M.', 'Default string', '0', '00', '7', 'à compléter', 'xxx'],
    ...['00-1A-2B-3C-4D-5E', '001A.2B3C.4D5E', '00:1a:2b:3c:4d:5e', '001a2b3c4d5e', 'ff:ff:', '1a', ' 2B'],
    ...[
      'web1',
      'example',
      '.com',
      '10.0.0.1',
      'fe80::1',
      '\n',
      '\t',
      ' ',
      '  ',
      '\u00a0',
      '\u3000',
      '\u200b',
      '\ufeff',
    ],
    ...[
      'é',
      'e\u0301',
      'Å',
      '\u212b',
      'ﬁ',
      '①',
      'ß',
      'ẞ',
      'Æ',
      'ø',
      'Ł',
      'İ',
      'ı',
      'Σ',
      'ς',
      'Ж',
      'Ǆ',
      'Ǉ',
      '한',
      '😀',
    ],
  ),
  fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme-ascii' }),
  // Letters that every version of Unicode in use knows alike.
  fc.integer({ min: 0xa0, max: 0x24f }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x386, max: 0x52f }).map((code) => String.fromCodePoint(code)),
)
const texts = fc.array(
  fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('')),
  { minLength: 40, maxLength: 80 },
)

describeEachDatabase('normalizers', (open) => {
  test('are in SQL what they are in the model, alone and together', async () => {
    await using database = await open()
    const worthless = ['à compléter', '4711']
    await database.session(async (session) => {
      const check = async (normalize: readonly (typeof normalizers)[number][], some: readonly string[]) => {
        const rule = { property: 'p', normalize, worthless }
        const { rows } = await run(
          session,
          statement<{ key: string | null }>(
            'test/normalize',
            sql`select ${worthKey(rule, sql`x.text`)} as key
            from (select t.text collate "C" as text, n from unnest(${sql.value(some)}::text[]) with ordinality t(text, n)) x order by n`,
          ),
        )
        const found = rows.map(({ key }, index) => [some[index], key])
        expect(found).toEqual(some.map((text) => [text, keyOf(text, rule) ?? null]))
      }
      for (const each of normalizers) {
        for (const some of fc.sample(texts, 2)) await check([each], some)
      }
      await fc.assert(fc.asyncProperty(fc.subarray([...normalizers], { minLength: 2 }), texts, check), {
        numRuns: 12,
      })
    })
  })
})
