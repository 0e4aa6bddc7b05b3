import { run, type SQL, sql, Table } from '@sluice/repository'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { entityShape } from '../sql/entity-shape.ts'
import { changesOfRows } from './lay-out-changes.ts'

const shape = entityShape(
  {
    entityTypes: new Map([
      [
        'Person',
        {
          name: 'Person',
          abstract: false,
          display: 'name',
          properties: [
            { name: 'number', type: 'string', required: true },
            { name: 'name', type: 'string', required: false },
            { name: 'phone', type: 'string', required: false },
          ],
        },
      ],
    ]),
    associations: new Map(),
  },
  {
    name: 'Person',
    entityType: 'Person',
    file: 'p.csv',
    format: { skipLines: 0, quotedLineBreaks: 'check', shortRows: 'reject' },
    key: 'number',
    properties: ['number', 'name', 'phone'].map((property) => ({ property, column: property })),
    thresholds: {},
  },
  new Set(),
)

/** Two people, whose names and phones somebody else has changed; the row of the second has changed at its source, too. */
const tables = `
  create table person (resource_id bigint, number text, name text, phone text);
  insert into person values (1, '1', 'Somebody', '000'), (2, '2', 'Somebody', '000');
  create table attached (_resource_id bigint, _replica_digest bigint, _digest bigint, number text, name text, phone text);
  insert into attached values (1, 7, 7, '1', 'Ann', '111'), (2, 7, 8, '2', 'Bob', '222')`

describeEachDatabase('the changes of rows that somebody else has written', (open) => {
  const changes = async (locked: (property: string) => boolean): Promise<readonly string[]> => {
    await using database = await open()
    return await database.session(async (session) => {
      await session.execute(tables)
      const found: { readonly query: SQL; readonly name: string } = changesOfRows(
        shape,
        new Table('attached'),
        locked,
      )
      const lines = sql`select concat_ws(' ', _operation, name, phone) as line from (${found.query}) c order by resource_id`
      const { rows } = await run<{ line: string }>(session, { name: found.name, query: lines })
      return rows.map(({ line }) => line)
    })
  }

  test('repair what is locked', async () => {
    expect(await changes(() => true)).toEqual(['update Ann 111', 'update Bob 222'])
  })

  test('leave what is not locked, unless the source has changed its row', async () => {
    expect(await changes((property) => property !== 'phone')).toEqual(['update Ann 000', 'update Bob 222'])
  })

  test('are none where nothing is locked and the source says what it said', async () => {
    expect(await changes(() => false)).toEqual(['same Somebody 000', 'update Bob 222'])
  })
})
