import { openRepository, type Repository } from '@sluice/repository'
import { expect, test } from 'vitest'
import { describeEachDatabase, testLocation } from './databases.ts'
import { NewSchema } from './new-schema.ts'

describeEachDatabase('a schema that is made new', (_open, kind) => {
  /** Rows of a table of Sluice, the next number, the columns of a table, and all tables. */
  async function state({ database }: Repository) {
    return await database.session(async (session) => {
      const { rows } = await session.query(`select
        (select count(*) from sluice_token) as tokens, nextval('sluice_resource_id') as next,
        (select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = 'sluice_token'::regclass and attnum > 0 and not attisdropped) as columns,
        (select string_agg(pg_get_expr(adbin, adrelid), ',' order by adnum) from pg_attrdef where adrelid = 'sluice_token'::regclass) as defaults,
        (select string_agg(relname, ',' order by relname) from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'v', 'S')) as relations`)
      return rows[0]
    })
  }

  test.each([
    ['rows, tables, views and numbers', ''],
    ['a column that was added to a table of Sluice', 'alter table sluice_token add column more text'],
    ['a default that was changed', `alter table sluice_token alter column role set default 'admin'`],
  ])('has nothing any more of %s', async (_, more) => {
    await using place = await testLocation(kind)
    await using repository = await openRepository(place.location)
    const schema = await NewSchema.of(repository.database)
    await schema.make()
    const before = await state(repository)
    await repository.database.session((session) =>
      session.execute(`insert into sluice_token (name, role, sources, secret_sha256, created_by) values ('x', 'admin', '{}', sha256('x'), 'x');
        create table person (n int generated always as identity primary key); create view persons as select * from person;
        create sequence numbers; select nextval('sluice_resource_id'), nextval('numbers'); ${more}`),
    )
    await schema.make()
    expect(await state(repository)).toEqual(before)
  })
})
