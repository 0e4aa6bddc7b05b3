/**
 * `sluice deliveries`: what agents brought, what waits in the queue of each source, and what shall not be applied.
 *
 * @module
 */
import { type DeliveryRecord, printable } from '@sluice/model'
import { anyProjectOf, type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { describeBy } from '../output/describe-by.ts'
import { formatInstant } from '../output/quantities.ts'
import { type Cells, type RecordColumn, writeRecords } from '../output/records.ts'
import type { RecordFlags } from '../record-options.ts'
import { newest } from './newest.ts'
import { UnknownDeliveryError } from './unknown-delivery-error.ts'

export interface DeliveriesFlags extends GlobalOptions, RecordFlags {
  readonly source?: string
  readonly all?: boolean
  readonly by?: string
  readonly reason?: string
}

const listColumns: readonly RecordColumn[] = [
  { name: 'delivery', title: 'delivery' },
  { name: 'source', title: 'source' },
  { name: 'mode', title: 'mode' },
  { name: 'state', title: 'state' },
  { name: 'run', title: 'run', align: 'right' },
  { name: 'by', title: 'by' },
  { name: 'announced', title: 'announced (UTC)' },
  { name: 'why', title: 'why' },
]

export async function list(context: Context, flags: DeliveriesFlags): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const { source, all = false, limit = 20 } = flags
  const { shown: found, left } = await newest(limit, (most) =>
    repository.deliveries({ source, open: !all, limit: most }),
  )
  if (flags.json === true) await context.out.line(JSON.stringify(found, undefined, 2))
  else if (found.length > 0) await writeRecords(context.out, 'table', listColumns, found.map(listLine))
  else
    await context.err.line(
      all ? 'There are no deliveries yet.' : 'No delivery waits. --all also lists those that are finished.',
    )
  if (left) await context.err.line('… there are more: sluice deliveries --limit all')
  return exitStatus.done
}

function listLine(record: DeliveryRecord): Cells {
  const { by, announcedAt, asideAt, reason } = record
  const why = asideAt === null ? reason : `since ${formatInstant(asideAt)}: ${reason}`
  return { ...record, by: describeBy(by), announced: formatInstant(announcedAt), why }
}

export async function show(context: Context, id: string, flags: DeliveriesFlags): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const record = await repository.delivery(id)
  if (record === undefined) throw new UnknownDeliveryError(id)
  await write(context, record, flags)
  return exitStatus.done
}

export async function release(context: Context, id: string, flags: DeliveriesFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  if ((await project.repository.delivery(id)) === undefined) throw new UnknownDeliveryError(id)
  const record = await project.releaseDelivery(id, { by: flags.by ?? context.user, reason: flags.reason })
  if (flags.json === true) await write(context, record, flags)
  else
    await context.out.line(
      `Delivery ${id} of ${record.source} is released, and will be tried again in its turn.`,
    )
  return exitStatus.done
}

export async function cancel(context: Context, id: string, flags: DeliveriesFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  if ((await project.repository.delivery(id)) === undefined) throw new UnknownDeliveryError(id)
  const record = await project.cancelDelivery(id, { by: flags.by ?? context.user, reason: flags.reason })
  if (flags.json === true) await write(context, record, flags)
  else await context.out.line(`Delivery ${id} of ${record.source} is cancelled; nothing of it was applied.`)
  return exitStatus.done
}

async function write({ out }: Context, record: DeliveryRecord, flags: DeliveriesFlags): Promise<void> {
  await out.line(flags.json === true ? JSON.stringify(record, undefined, 2) : describe(record).join('\n'))
}

function describe(record: DeliveryRecord): readonly string[] {
  const instant = (at: string | null) => (at === null ? undefined : `${formatInstant(at)} UTC`)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['source', record.source],
    ['mode', record.mode],
    ['state', record.state],
    ['reason', record.reason ?? undefined],
    ['put aside', instant(record.asideAt)],
    ['deaths', record.deaths === 0 ? undefined : `${record.deaths} in the middle of its run`],
    ['builds on', record.base ?? undefined],
    ['run', record.run === null ? undefined : String(record.run)],
    ['by', describeBy(record.by)],
    ['announced', instant(record.announcedAt)],
    ['complete', instant(record.sealedAt)],
    ['over', instant(record.finishedAt)],
    ...record.files.map(({ name, size }) => ['file', `${name} (${size} bytes)`] as const),
  ]
  const known = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name.padEnd(10)} ${printable(value)}`],
  )
  return [`Delivery ${record.delivery}`, ...known]
}
