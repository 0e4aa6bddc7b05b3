/**
 * `sluice resources`: what is stored of an entity type.
 *
 * @module
 */
import { isSecret, type Labeller, type Property } from '@sluice/model'
import { parseAlternatives, parseSort, type RepositoryReader, type ResourceRecord } from '@sluice/project'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { labellerOf } from '../language.ts'
import { labelledValues } from '../output/labelled-values.ts'
import { type Cells, type RecordColumn, type Shape, writeRecords } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { showFound } from './show-found.ts'

export interface ResourcesFlags extends GlobalOptions, RecordFlags {
  readonly columns?: string
  readonly sort?: string
  readonly count?: boolean
}

const ownColumns: readonly string[] = ['resourceId', 'entityType']

export async function resources(
  context: Context,
  type: string | undefined,
  flags: ResourcesFlags,
): Promise<ExitStatus> {
  const chosen = flags.where ?? flags.sort ?? flags.columns ?? flags.count
  if (type === undefined && chosen !== undefined)
    throw new WrongUsageError('This needs the name of an entity type.', 'sluice resources lists them')
  await using repository = await repositoryOf(context, flags)
  if (type === undefined) return await listTypes(context, repository, flags)
  return flags.count === true
    ? await count(context, repository, type, flags)
    : await list(context, repository, type, flags)
}

const typeColumns: readonly RecordColumn[] = [
  { name: 'type', title: 'type' },
  { name: 'resources', title: 'resources', align: 'right' },
  { name: 'extends', title: 'extends' },
  { name: 'sources', title: 'filled by' },
]

const labelColumn: RecordColumn = { name: 'label', title: 'label' }

async function listTypes(
  context: Context,
  repository: RepositoryReader,
  flags: ResourcesFlags,
): Promise<ExitStatus> {
  const { out, err } = context
  const types = await repository.types()
  const model = await repository.model()
  const labels = labellerOf(context, flags, model)
  const shape = shapeOf(flags)
  const cells = types.map((one) => ({
    ...one,
    label: labels.of(model.entityTypes.get(one.type) ?? { name: one.type }),
    sources: one.sources.join(', '),
  }))
  // Names are what commands take, so a label stands beside its name.
  const labelled = shape === 'table' && cells.some(({ label, type }) => label !== type)
  const [first, ...others] = typeColumns
  const columns = labelled && first !== undefined ? [first, labelColumn, ...others] : typeColumns
  if (shape === 'table' && types.length === 0)
    await err.line('There are no entity types yet; the first run makes them from the model: sluice sync')
  else await writeRecords(out, shape, columns, shape === 'json' ? types.map((one) => ({ ...one })) : cells)
  return exitStatus.done
}

async function count(
  { out }: Context,
  repository: RepositoryReader,
  type: string,
  flags: ResourcesFlags,
): Promise<ExitStatus> {
  const number = await repository.count(type, { where: (flags.where ?? []).map(parseAlternatives) })
  const shape = shapeOf(flags)
  if (shape === 'table') await out.line(String(number))
  else await writeRecords(out, shape, [{ name: 'count', title: 'count' }], [{ count: number }])
  return exitStatus.done
}

async function list(
  context: Context,
  repository: RepositoryReader,
  type: string,
  flags: ResourcesFlags,
): Promise<ExitStatus> {
  const model = await repository.model()
  const labels = labellerOf(context, flags, model)
  const properties = model.entityTypes.get(type)?.properties ?? []
  const byName = new Map<string, Property>(properties.map((property) => [property.name, property]))
  const readable = properties.filter((property) => !isSecret(property)).map(({ name }) => name)
  const chosen = flags.columns?.split(',').map((name) => name.trim()) ?? readable
  const found = repository.resources(type, {
    where: (flags.where ?? []).map(parseAlternatives),
    columns: flags.columns === undefined ? undefined : chosen.filter((name) => !ownColumns.includes(name)),
    limit: readLimit(flags),
    sort: flags.sort === undefined ? undefined : parseSort(flags.sort),
  })
  const numeric = new Set(
    properties.filter((one) => ['integer', 'decimal'].includes(one.type)).map(({ name }) => name),
  )
  const columns = chosen.map((name) => ({
    name,
    title: labels.of(byName.get(name) ?? { name }),
    align: numeric.has(name) || name === 'resourceId' ? ('right' as const) : ('left' as const),
  }))
  await showFound(context, flags, {
    records: found,
    columns,
    cells: cellsIn(shapeOf(flags), byName, labels),
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none: `No ${type}${flags.where ? ' matches the condition' : ' is stored'}.`,
  })
  return exitStatus.done
}

function cellsIn(shape: Shape, properties: ReadonlyMap<string, Property>, labels: Labeller) {
  if (shape === 'json') return whole
  if (shape === 'csv') return flat
  return async function* (records: AsyncIterable<ResourceRecord>): AsyncGenerator<Cells> {
    for await (const { resourceId, entityType, values } of records)
      yield { resourceId, entityType, ...labelledValues(values, properties, labels) }
  }
}

async function* whole(records: AsyncIterable<ResourceRecord>): AsyncGenerator<Cells> {
  for await (const { resourceId, entityType, values, references } of records)
    yield { resourceId, entityType, values, references }
}

async function* flat(records: AsyncIterable<ResourceRecord>): AsyncGenerator<Cells> {
  for await (const { resourceId, entityType, values } of records) yield { resourceId, entityType, ...values }
}
