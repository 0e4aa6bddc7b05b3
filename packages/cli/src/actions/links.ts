/**
 * `sluice links`: what is stored of an association.
 *
 * @module
 */
import { type LinkRecord, parseAlternatives } from '@sluice/project'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import type { Cells } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { showFound } from './show-found.ts'

export interface LinksFlags extends GlobalOptions, RecordFlags {}

export async function links(context: Context, association: string, flags: LinksFlags) {
  await using repository = await repositoryOf(context, flags)
  const { associations } = await repository.model()
  const properties = associations.get(association)?.properties ?? []
  const columns = ['from', 'to', 'source', ...properties.map(({ name }) => name)].map((name) => ({
    name,
    title: name,
  }))
  const found = repository.links(association, {
    where: (flags.where ?? []).map(parseAlternatives),
    limit: readLimit(flags),
  })
  await showFound(context, flags, {
    records: found,
    columns,
    cells: shapeOf(flags) === 'json' ? whole : flat,
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
