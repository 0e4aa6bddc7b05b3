/**
 * `sluice links`: what is stored of an association.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { type LinkRecord, parseAlternatives } from '@sluice/project'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import { labellerOf } from '../language.ts'
import { labelledValues } from '../output/labelled-values.ts'
import type { Cells } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { showFound } from './show-found.ts'

export interface LinksFlags extends GlobalOptions, RecordFlags {}

export async function links(context: Context, association: string, flags: LinksFlags) {
  await using repository = await repositoryOf(context, flags)
  const model = await repository.model()
  const labels = labellerOf(context, flags, model)
  const stored = model.associations.get(association)
  const properties = stored?.properties ?? []
  const byName = new Map<string, Property>(properties.map((property) => [property.name, property]))
  const columns = [
    { name: 'from', title: labels.among(stored?.fromLabels, 'from') },
    { name: 'to', title: labels.among(stored?.toLabels, 'to') },
    { name: 'source', title: 'source' },
    ...properties.map((property) => ({ name: property.name, title: labels.of(property) })),
  ]
  async function* labelled(records: AsyncIterable<LinkRecord>): AsyncGenerator<Cells> {
    for await (const { from, to, source, properties: values } of records)
      yield { ...labelledValues(values, byName, labels), from, to, source }
  }
  const cells = { json: whole, csv: flat, table: labelled }
  const found = repository.links(association, {
    where: (flags.where ?? []).map(parseAlternatives),
    limit: readLimit(flags),
  })
  await showFound(context, flags, {
    records: found,
    columns,
    cells: cells[shapeOf(flags)],
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none: `No link of ${association}${flags.where ? ' matches the condition' : ' is stored'}.`,
  })
  return exitStatus.done
}

async function* whole(records: AsyncIterable<LinkRecord>): AsyncGenerator<Cells> {
  for await (const { fromId, from, toId, to, source, properties } of records)
    yield { fromId, from, toId, to, source, properties }
}

async function* flat(records: AsyncIterable<LinkRecord>): AsyncGenerator<Cells> {
  for await (const { from, to, source, properties } of records) yield { ...properties, from, to, source }
}
