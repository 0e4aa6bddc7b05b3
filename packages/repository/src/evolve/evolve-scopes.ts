/**
 * Rows of a source let go of resources of types that are no longer in the scope of their mapping: types that go, become abstract, extend
 * something else, or that a mapping does not search any more.
 *
 * @module
 */
import { type StoredSource, scopeOf } from '@sluice/model'
import { entityTable, replicaTable } from '../layout/layout.ts'
import { commas, unionAll } from '../sql/fragments.ts'
import { type SQL, sql, statement, Table } from '../sql/statement.ts'
import type { Step, Transition } from './step.ts'

type Mapping = StoredSource['entities'][number]

/** Before everything else, as long as the tables of the types are there. */
export function leavingScopeSteps({ before, after }: Transition): readonly Step[] {
  return [...before.sources.values()].flatMap((source) =>
    source.entities.flatMap((mapping) => {
      const now = after.sources
        .get(source.name)
        ?.entities.find((one) => one.entityType === mapping.entityType)
      const gone = now === undefined || mapping.scope === undefined ? [] : lost(mapping, now)
      return gone.length === 0 ? [] : [letGo(source.name, mapping.entityType, gone)]
    }),
  )
}

function lost(before: Mapping, after: Mapping): readonly string[] {
  const kept = new Set(scopeOf(after))
  return scopeOf(before).filter((name) => !kept.has(name))
}

/** They look for a resource as if they had just come. */
function letGo(source: string, entityType: string, types: readonly string[]): Step {
  const none = ['resource_id', 'attached_run', 'changed_run', 'error', 'warnings', 'matched'].map(
    (name): SQL => sql`${sql.identifier(name)} = null`,
  )
  const gone = unionAll(types.map((name) => sql`select o.resource_id from ${new Table(entityTable(name))} o`))
  return {
    change: `detaches rows of ${entityType} from source ${source} from resources of ${types.join(', ')}`,
    quiet: true,
    statements: [
      statement(
        `evolve/leave-scope ${source}.${entityType}`,
        sql`update ${new Table(replicaTable(source, entityType))} set status = 'new', creator = false, let_go = '{}', ${commas(none)}
        where resource_id in (${gone})`,
      ),
    ],
  }
}
