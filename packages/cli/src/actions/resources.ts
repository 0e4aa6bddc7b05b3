/**
 * `sluice resources`: what is stored of an entity type.
 *
 * @module
 */
import { isSecret } from '@sluice/model'
import { parseCondition, parseSort, type ResourceRecord } from '@sluice/project'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import type { Cells } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { showFound } from './show-found.ts'

export interface ResourcesFlags extends GlobalOptions, RecordFlags {
  readonly columns?: string
  readonly sort?: string
}

const ownColumns: readonly string[] = ['resourceId', 'entityType']

export async function resources(context: Context, type: string, flags: ResourcesFlags) {
  await using repository = await repositoryOf(context, flags)
  const { entityTypes } = await repository.model()
  const properties = entityTypes.get(type)?.properties ?? []
  const readable = properties.filter((property) => !isSecret(property)).map(({ name }) => name)
  const chosen = flags.columns?.split(',').map((name) => name.trim()) ?? readable
  const found = repository.resources(type, {
    where: (flags.where ?? []).map(parseCondition),
    columns: flags.columns === undefined ? undefined : chosen.filter((name) => !ownColumns.includes(name)),
    limit: readLimit(flags),
    sort: flags.sort === undefined ? undefined : parseSort(flags.sort),
  })
  const numeric = new Set(
    properties.filter((one) => ['integer', 'decimal'].includes(one.type)).map(({ name }) => name),
  )
  const columns = chosen.map((name) => ({
    name,
    title: name,
    align: numeric.has(name) || name === 'resourceId' ? ('right' as const) : ('left' as const),
  }))
  await showFound(context, flags, {
    records: found,
    columns,
    cells: shapeOf(flags) === 'json' ? whole : flat,
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none: `No ${type}${flags.where ? ' fulfils this' : ' is stored'}.`,
  })
  return exitStatus.done
}

async function* whole(records: AsyncIterable<ResourceRecord>): AsyncGenerator<Cells> {
  for await (const { resourceId, entityType, values, references } of records)
    yield { resourceId, entityType, values, references }
}

async function* flat(records: AsyncIterable<ResourceRecord>): AsyncGenerator<Cells> {
  for await (const { resourceId, entityType, values } of records) yield { resourceId, entityType, ...values }
}
