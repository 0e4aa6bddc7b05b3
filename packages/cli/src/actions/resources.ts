/**
 * `sluice resources`: what is stored of an entity type.
 *
 * @module
 */
import { parseCondition, type ResourceRecord } from '@sluice/project'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import { type Cells, writeRecords } from '../output/records.ts'
import { limited, limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'

export interface ResourcesFlags extends GlobalOptions, RecordFlags {
  readonly columns?: string
}

const ownColumns: readonly string[] = ['resourceId', 'entityType']

export async function resources(context: Context, type: string, flags: ResourcesFlags) {
  await using repository = await repositoryOf(context, flags)
  const { entityTypes } = await repository.model()
  const properties = entityTypes.get(type)?.properties ?? []
  const chosen = flags.columns?.split(',').map((name) => name.trim()) ?? properties.map(({ name }) => name)
  const found = repository.resources(type, {
    where: (flags.where ?? []).map(parseCondition),
    columns: flags.columns === undefined ? undefined : chosen.filter((name) => !ownColumns.includes(name)),
    limit: readLimit(flags),
  })
  const numeric = new Set(
    properties.filter((one) => ['integer', 'decimal'].includes(one.type)).map(({ name }) => name),
  )
  const columns = chosen.map((name) => ({
    name,
    title: name,
    align: numeric.has(name) || name === 'resourceId' ? ('right' as const) : ('left' as const),
  }))
  const shape = shapeOf(flags)
  let more = false
  const shown = limited(found, limitOf(flags), () => {
    more = true
  })
  const count = await writeRecords(context.out, shape, columns, shape === 'json' ? whole(shown) : flat(shown))
  if (more) await context.err.line(`… there are more: --limit ${limitOf(flags) * 10}, --limit all, or --csv`)
  else if (count === 0 && !context.out.gone)
    await context.err.line(`No ${type}${flags.where ? ' fulfils this' : ' is stored'}.`)
  return exitStatus.done
}

async function* whole(records: AsyncIterable<ResourceRecord>): AsyncGenerator<Cells> {
  for await (const record of records) yield { ...record }
}

async function* flat(records: AsyncIterable<ResourceRecord>): AsyncGenerator<Cells> {
  for await (const { resourceId, entityType, values } of records) yield { resourceId, entityType, ...values }
}
