/**
 * `sluice duplicates` and `sluice resource distinct`: resources that may be one, and those that are not.
 *
 * @module
 */
import type { Distinct, Duplicates, DuplicatesOptions, ListedDuplicates } from '@sluice/project'
import { anyProjectOf, type Context, type GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatCount } from '../output/quantities.ts'
import type { Cells, RecordColumn } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { showFound } from './show-found.ts'

export interface DuplicatesFlags extends GlobalOptions, RecordFlags {
  readonly by?: string
}

export interface DistinctFlags extends GlobalOptions {
  readonly reason?: string
  readonly undo?: boolean
}

const columns: readonly RecordColumn[] = [
  { name: 'entityType', title: 'type' },
  { name: 'alike', title: 'alike in' },
  { name: 'resources', title: 'resources' },
]

export async function duplicates(
  context: Context,
  type: string,
  flags: DuplicatesFlags,
): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const by = flags.by?.split(',').map((name) => name.trim())
  const found = allGroups((page) => project.duplicates(type, { by, ...page }), readLimit(flags))
  await showFound(context, flags, {
    records: cells(found, shapeOf(flags) === 'json'),
    columns,
    cells: (records) => records,
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none: `No duplicates of ${type} were found.`,
  })
  return exitStatus.done
}

const inPage = 1000

type ReadGroups = (page: Pick<DuplicatesOptions, 'limit' | 'cursor'>) => Promise<readonly ListedDuplicates[]>

async function* allGroups(read: ReadGroups, most = Number.POSITIVE_INFINITY): AsyncGenerator<Duplicates> {
  let cursor: string | undefined
  for (let left = most; left > 0; ) {
    const limit = Math.min(left, inPage)
    const page = await read({ limit, cursor })
    yield* page
    cursor = page.at(-1)?.cursor
    if (page.length < limit) return
    left -= limit
  }
}

async function* cells(found: AsyncIterable<Duplicates>, whole: boolean): AsyncGenerator<Cells> {
  for await (const one of found) {
    if (whole) yield { entityType: one.entityType, alike: one.alike, resources: one.resources }
    else {
      const alike = Object.entries(one.alike).map(([name, value]) => `${name} = ${value}`)
      const resources = one.resources.map(({ resourceId, display }) =>
        display === null ? `#${resourceId}` : `#${resourceId} ${display}`,
      )
      yield { entityType: one.entityType, alike: alike.join(', '), resources: resources.join(' · ') }
    }
  }
}

export async function distinct(
  context: Context,
  of: Pick<Distinct, 'type' | 'resources'>,
  { reason, undo, ...flags }: DistinctFlags,
): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  if (undo === true) {
    const count = await project.takeBackDistinct(of)
    await context.out.line(
      count === 0 ? 'They were not marked as distinct.' : 'They are no longer marked as distinct.',
    )
    return exitStatus.done
  }
  const count = await project.sayDistinct({ ...of, ...(reason === undefined ? {} : { reason }) })
  await context.out.line(
    count === 0
      ? 'They are already marked as distinct.'
      : `Distinct: ${formatCount(count)} ${count === 1 ? 'pair' : 'pairs'}.`,
  )
  return exitStatus.done
}
