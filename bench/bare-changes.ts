/**
 * What a thousand changes cost a database without Sluice: COPY, lookup by key, history, update, digest, commit.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '@sluice/repository'
import { timed } from './measure.ts'

const types: Readonly<Record<string, string>> = {
  number: 'bigint',
  salary: 'numeric',
  active: 'boolean',
  hired: 'date',
  changed_at: 'timestamptz',
  uuid: 'uuid',
}

/** Tables like those of the repository, with their indexes and their rows: these are changed, not those. */
export async function makeBareTables(database: Database): Promise<void> {
  await database.session((session) =>
    session.execute(`
      create table bare_person (like person including all);
      insert into bare_person select * from person;
      create table bare_replica (like replica_people_person including all);
      insert into bare_replica select * from replica_people_person;
      create table bare_history (like sluice_history including all);
      analyze bare_person; analyze bare_replica`),
  )
}

/** Changes the rows of a file with those columns: one transaction, with its history. */
export async function changeBareTables(
  database: Database,
  file: { readonly folder: string; readonly header: string; readonly lines: readonly string[] },
): Promise<number> {
  const columns = file.header.split(',')
  const path = join(file.folder, 'bare.csv')
  await writeFile(path, `${[file.header, ...file.lines].join('\n')}\n`, 'latin1')
  const assigned = columns
    .filter((name) => name !== 'id')
    .map((name) => `${name} = c.${name}${name in types ? `::${types[name]}` : ''}`)
  return await timed(() =>
    database.transaction(async (session) => {
      await session.execute(
        `create temporary table bare_staged (${columns.map((name) => `${name} text`).join(', ')}) on commit drop`,
      )
      await session.copyFrom(`bare_staged (${columns.join(', ')})`, path, 'format csv, header true')
      await session.execute(`
        create temporary table bare_changes on commit drop as
        select s.*, r.resource_id, hash_record_extended(row(s.*), 0) as digest
        from bare_staged s join bare_replica r on r.key = s.id`)
      await session.execute(`
        insert into bare_history (run_id, entity_type, resource_id, operation, key, before, after)
        select 1, 'Person', o.resource_id, 'update', c.id,
          jsonb_build_object('first_name', o.first_name), jsonb_build_object('first_name', c.first_name)
        from bare_changes c join bare_person o on o.resource_id = c.resource_id
        where o.first_name is distinct from c.first_name`)
      await session.execute(
        `update bare_person o set ${assigned.join(', ')} from bare_changes c where o.resource_id = c.resource_id`,
      )
      await session.execute(
        'update bare_replica r set digest = c.digest from bare_changes c where r.key = c.id',
      )
    }),
  )
}
