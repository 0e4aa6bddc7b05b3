/**
 * Decides what every property of the affected resources is after the run, of all that their replicas assert: the SQL of the model's
 * `decideValue`, for whole columns at once; a test holds the two equal.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import {
  anyOf,
  columnOfRow,
  columnsOf,
  more,
  one,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  typeOf,
  unionAll,
} from '@sluice/repository'
import { placeOf, versionOf } from '../sql/row-version.ts'
import type { SharedShape } from '../sql/shared-shape.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'
import {
  type Claiming,
  claimedProperties,
  claimedResources,
  type MergedReplicas,
  type OwnReplicas,
} from './claims.ts'
import { decideByClaim } from './decide-by-claim.ts'
import { decideBySource } from './decide-by-source.ts'
import type { Decided } from './decided.ts'
import type { SharedPart } from './shared-part.ts'

/**
 * Statement of change rows for the affected resources (`affected`: resource_id, mark: the update of the delete policy is written). Rows in
 * which nothing differs are `same`. `about`: which decision of the run it is; `standing`: relation of the values that stand where no source decides, as the type's table has them; what
 * is stored when absent.
 */
export async function decideValues(
  part: SharedPart,
  own: OwnReplicas | MergedReplicas,
  affected: Table,
  {
    about,
    standing = resourcesOf(part.shape.type.name),
  }: { readonly about: string; readonly standing?: Table | undefined },
): Promise<Statement> {
  const claiming = { own, affected, claimed: claimedProperties(part) }
  // Resources of which one source has several replicas are rare, and decided with more effort.
  const decided = (await one(part.session, anySiblings(part, claiming))).found
    ? await decideByClaim(part, claiming, about)
    : decideBySource(part, claiming)
  return changeRows(part, { affected, standing, decided })
}

/**
 * Counted, and not asked whether there is one: for the first row that is found PostgreSQL would choose loops that are done after one step, and there
 * usually is none.
 */
function anySiblings(part: SharedPart, claiming: Claiming): Statement<{ found: boolean }> {
  const each = part.owners.map(
    (_, index) =>
      sql`select count(*) as n from (${claimedResources(part, index, claiming)}) x group by x.resource_id`,
  )
  return statement(
    `replicas/any-siblings ${part.shape.mapping.name}`,
    sql`select coalesce(max(x.n) > 1, false) as found from (${unionAll(each)}) x`,
  )
}

interface Deciding {
  readonly affected: Table
  readonly standing: Table
  readonly decided: Decided
}

function changeRows({ shape }: SharedPart, { affected, standing, decided }: Deciding): Statement {
  const names = columnNames(shape.type)
  const values = shape.type.properties.flatMap((property) =>
    columnsOf(property).map(({ name }) => {
      const value = decided.value(property, name) ?? columnOfRow(sql`o`, name)
      return sql`${markedOr(shape, property, value, decided.isSaidNow(property))} as ${sql.identifier(name)}`
    }),
  )
  const differs = names.map(
    (name) => sql`${columnOfRow(sql`o`, name)} is distinct from x.${sql.identifier(name)}`,
  )
  return statement(
    `replicas/decide-values ${shape.mapping.name}`,
    sql`select case when o.resource_id is null then 'insert' when ${anyOf(differs)} then 'update' else 'same' end as _operation,
      x.resource_id, x._key, ${versionOf(sql`o`)} as _base_version, ${placeOf(sql`o`)} as _base_place, null::boolean as _drift${more(
        names.map((name) => sql`x.${sql.identifier(name)}`),
      )}
    from (select a.resource_id, ${decided.key} as _key${more(values)}
      from ${affected} a left join ${standing} o on o.resource_id = a.resource_id ${sql.join(decided.joins, ' ')}) x
    left join ${resourcesOf(shape.type.name)} o on o.resource_id = x.resource_id`,
  )
}

/** What the delete policy writes comes before all that was said before: what has disappeared is marked first, then rows are applied. */
function markedOr({ federation }: SharedShape, property: Property, value: SQL, saidNow: SQL): SQL {
  const written = federation.deletePolicy.update.get(property.name)
  if (written === undefined) return value
  const [column] = columnsOf(property)
  const literal = written === '' ? sql.null : sql.literal(written)
  return sql`case when a.mark and not ${saidNow} then ${literal}::${typeOf(column)} else ${value} end`
}
