/**
 * `sluice orders` and `sluice diff`: what managed systems should say, and whether they do.
 *
 * @module
 */
import { resolve } from 'node:path'
import { newLinkOrderSchema, newRowOrderSchema, type OrderState } from '@sluice/model'
import { type NewOrder, type OrderRecord, readOrderFile } from '@sluice/project'
import type { z } from 'zod'
import { anyProjectOf, type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import type { GivenValue } from '../given-value.ts'
import { describeOrder, nameOfOrdered } from '../output/order.ts'
import { formatInstant } from '../output/quantities.ts'
import { type Cells, type RecordColumn, withoutCursor } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { readNamedFile } from './read-named-file.ts'
import { showFound } from './show-found.ts'

export interface OrdersFlags extends GlobalOptions, RecordFlags {
  readonly state?: readonly OrderState[]
}

export interface AddFlags extends GlobalOptions {
  readonly id?: string
  readonly exists?: boolean
  readonly gone?: boolean
  readonly ordered?: string
  readonly due?: string
  readonly file?: string
  readonly json?: boolean
}

export type LinkFlags = Omit<AddFlags, 'exists' | 'file'>

export interface CancelFlags extends GlobalOptions {
  readonly json?: boolean
}

export interface GivenLink {
  readonly source: string
  readonly association: string
  readonly from: string
  readonly to: string
}

export interface GivenOrder {
  readonly source: string | undefined
  readonly type: string | undefined
  readonly resource: string | undefined
  readonly values: readonly GivenValue[]
}

const shownColumns: readonly RecordColumn[] = [
  { name: 'order', title: 'order' },
  { name: 'source', title: 'source' },
  { name: 'type', title: 'type' },
  { name: 'key', title: 'key' },
  { name: 'property', title: 'property' },
  { name: 'expected', title: 'ordered' },
  { name: 'asserted', title: 'says' },
  { name: 'state', title: 'state' },
  { name: 'since', title: 'since (UTC)' },
  { name: 'dueAt', title: 'due (UTC)' },
]

const wholeColumns: readonly RecordColumn[] = [
  'order',
  'source',
  'entityType',
  'association',
  'key',
  'to',
  'property',
  'expected',
  'asserted',
  'instead',
  'state',
  'since',
  'dueAt',
].map((name) => ({ name, title: name }))

export async function list(
  context: Context,
  source: string | undefined,
  flags: OrdersFlags,
): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const { state } = flags
  const found = repository.orders({ source, state, limit: readLimit(flags) })
  const none = state === undefined ? 'There are no orders yet.' : 'No order matches.'
  await show(context, flags, found, none)
  return exitStatus.done
}

export async function diff(context: Context, source: string, flags: OrdersFlags): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const found = repository.orders({ source, differing: true, limit: readLimit(flags) })
  await show(context, flags, found, `All orders of ${source} are executed.`)
  return exitStatus.done
}

async function show(
  context: Context,
  flags: OrdersFlags,
  records: AsyncIterable<OrderRecord>,
  none: string,
): Promise<void> {
  const isTable = shapeOf(flags) === 'table'
  await showFound(context, flags, {
    records,
    columns: isTable ? shownColumns : wholeColumns,
    cells: isTable ? forPeople : withoutCursor,
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none,
  })
}

async function* forPeople(records: AsyncIterable<OrderRecord>): AsyncGenerator<Cells> {
  for await (const record of records) {
    const { since, dueAt, entityType, association, asserted, instead, ...others } = record
    yield {
      ...others,
      type: entityType ?? association,
      key: nameOfOrdered(record),
      asserted: instead ?? asserted,
      since: formatInstant(since),
      dueAt: dueAt === null ? null : formatInstant(dueAt),
    }
  }
}

export async function add(context: Context, given: GivenOrder, flags: AddFlags): Promise<ExitStatus> {
  const orders = await ordersOf(context, given, flags)
  await using project = await anyProjectOf(context, flags)
  await print(context, await project.stateOrders(orders), flags)
  return exitStatus.done
}

export async function link(context: Context, given: GivenLink, flags: LinkFlags): Promise<ExitStatus> {
  const { id, gone, ordered, due } = flags
  const order = parsedOrder(newLinkOrderSchema, {
    ...given,
    id,
    existence: gone === true ? 'gone' : 'exists',
    orderedAt: ordered,
    dueAt: due,
  })
  await using project = await anyProjectOf(context, flags)
  await print(context, await project.stateOrders([order]), flags)
  return exitStatus.done
}

export async function cancel(context: Context, order: string, flags: CancelFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  await print(context, await project.cancelOrder(order), flags)
  return exitStatus.done
}

async function print(
  { out }: Context,
  records: readonly OrderRecord[],
  { json }: CancelFlags,
): Promise<void> {
  if (json === true) await out.line(JSON.stringify(records, undefined, 2))
  else for (const record of records) await out.line(describeOrder(record, out.width))
}

async function ordersOf(context: Context, given: GivenOrder, flags: AddFlags): Promise<readonly NewOrder[]> {
  if (flags.file === undefined) return [orderOf(given, flags)]
  if (given.source !== undefined)
    throw new WrongUsageError('Orders come from a file or from the command line.', 'Give --file alone.')
  const path = resolve(context.workingFolder, flags.file)
  const text = await readNamedFile(path, 'utf8', 'Write the name of a file of orders after --file.')
  return readOrderFile(text, flags.file)
}

function orderOf({ source, type, resource, values }: GivenOrder, flags: AddFlags): NewOrder {
  const { id, exists, gone, ordered, due } = flags
  if (source === undefined || type === undefined || resource === undefined)
    throw new WrongUsageError(
      'Which one?',
      'sluice orders add SOURCE TYPE RESOURCE name=value, or --file FILE',
    )
  if (exists === true && gone === true)
    throw new WrongUsageError(
      'A row cannot be ordered both to exist and to be deleted.',
      'Give --exists or --gone.',
    )
  const existence = exists === true ? { existence: 'exists' } : gone === true ? { existence: 'gone' } : {}
  return parsedOrder(newRowOrderSchema, {
    id,
    source,
    entityType: type,
    resource,
    values: Object.fromEntries(values.map(({ name, value }) => [name, value])),
    ...existence,
    orderedAt: ordered,
    dueAt: due,
  })
}

function parsedOrder<T>(schema: z.ZodType<T>, order: unknown): T {
  const parsed = schema.safeParse(order)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new WrongUsageError(
    `The order ${[optionOf(issue?.path[0]), issue?.message].filter(Boolean).join(' ')}.`,
    'Give name=value, --exists or --gone; dates such as 2026-12-01.',
  )
}

function optionOf(name: PropertyKey | undefined): string {
  if (name === 'dueAt') return '(--due)'
  return name === 'orderedAt' ? '(--ordered)' : ''
}
