/**
 * Definitions of sources that the repository holds, and what became of them.
 *
 * @module
 */
import {
  type RunBy,
  type SourceChange,
  type SourceChangeEvent,
  type StoredDefinition,
  sourceChangeSchema,
  storableText,
} from '@sluice/model'
import type { Session } from '../database/database.ts'
import { exists, one, run } from '../database/run-statement.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'

export interface StoredDefinitions {
  /** Another one as soon as any definition has changed. */
  readonly revision: string
  readonly definitions: readonly KeptDefinition[]
}

export interface KeptDefinition extends StoredDefinition {
  /** UTC. */
  readonly changedAt: string
  readonly by: RunBy
}

/** Also of a repository that was not brought up to date yet, which holds none. */
export async function readDefinitions(session: Session): Promise<StoredDefinitions> {
  if (!(await exists(session, findTable))) return { revision: '0', definitions: [] }
  const revision = await readRevision(session)
  const { rows } = await run(session, all)
  return {
    revision,
    definitions: rows.map(({ name, text, changed_at, by_kind, by_name }) => ({
      name,
      text,
      changedAt: changed_at,
      by: { kind: by_kind, name: by_name },
    })),
  }
}

const findTable = statement(
  'definitions/find-table',
  sql`select from pg_tables where schemaname = current_schema() and tablename = 'sluice_source_definition'`,
)

const all: Statement<{
  name: string
  text: string
  changed_at: string
  by_kind: RunBy['kind']
  by_name: string
}> = statement(
  'definitions/read',
  sql`select source as name, definition as text, changed_at, by_kind, by_name from sluice_source_definition order by source`,
)

/** Asked often, and cheap. */
export async function readRevision(session: Session): Promise<string> {
  return (await one(session, revision)).revision
}

const revision: Statement<{ revision: string }> = statement(
  'definitions/revision',
  sql`select coalesce(max(position), 0)::text as revision from sluice_source_change`,
)

/** In the place of what is stored under the name. */
export async function storeDefinition(
  session: Session,
  { name, text }: StoredDefinition,
  change: { readonly event: 'created' | 'changed'; readonly by: RunBy },
): Promise<void> {
  const { by } = change
  await putDefinition(session, { name, text }, by)
  await noteChange(session, { source: name, definition: storableText(text), detail: null, ...change })
}

/** As `storeDefinition`, of which something else tells. */
export async function putDefinition(
  session: Session,
  { name, text }: StoredDefinition,
  by: RunBy,
): Promise<void> {
  const definition = storableText(text)
  await run(
    session,
    statement(
      'definitions/store',
      sql`insert into sluice_source_definition (source, definition, by_kind, by_name)
      values (${sql.value(name)}, ${sql.value(definition)}, ${sql.value(by.kind)}, ${sql.value(by.name)})
      on conflict (source) do update set definition = excluded.definition, changed_at = excluded.changed_at,
        by_kind = excluded.by_kind, by_name = excluded.by_name`,
    ),
  )
}

/** `false`: none was stored. */
export async function forgetDefinition(session: Session, name: string): Promise<boolean> {
  const forget = statement(
    'definitions/forget',
    sql`delete from sluice_source_definition where source = ${sql.value(name)}`,
  )
  return (await run(session, forget)).count > 0
}

export async function noteChange(
  session: Session,
  of: {
    readonly source: string
    readonly event: SourceChangeEvent
    readonly definition: string | null
    readonly detail: string | null
    readonly by: RunBy
  },
): Promise<void> {
  await run(
    session,
    statement(
      'definitions/note-change',
      sql`insert into sluice_source_change (source, event, definition, detail, by_kind, by_name)
      values (${sql.value(of.source)}, ${sql.literal(of.event)}, ${sql.value(of.definition)}, ${sql.value(of.detail)},
        ${sql.value(of.by.kind)}, ${sql.value(of.by.name)})`,
    ),
  )
}

/** What became of a source under this name, and under the names that it had before; newest first. */
export async function readChanges(session: Session, name: string): Promise<readonly SourceChange[]> {
  const { rows } = await run(
    session,
    statement(
      'definitions/history',
      sql`with recursive names (name, until) as (
        select ${sql.value(name)}::text collate "C", null::bigint
        union select c.detail collate "C", c.position from names n join sluice_source_change c on c.source = n.name
          and c.event = 'renamed' and (n.until is null or c.position < n.until))
      select c.source, c.event, c.definition, c.detail, c.changed_at as "changedAt",
        json_build_object('kind', c.by_kind, 'name', c.by_name) as by
      from sluice_source_change c
      where exists (select from names n where n.name = c.source and (n.until is null or c.position < n.until))
      order by c.position desc`,
    ),
  )
  return rows.map((row) => sourceChangeSchema.parse(row))
}
