/**
 * `sluice deliveries`: what agents brought, what waits in the queue of each source, and what shall not be applied.
 *
 * @module
 */
import { type DeliveryRecord, suggestion } from '@sluice/model'
import { type Command, Option } from 'commander'
import { describedCommand, type Runner } from '../command.ts'
import { anyProjectOf, type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { describeBy } from '../output/describe-by.ts'
import { formatInstant } from '../output/quantities.ts'
import { type Cells, type RecordColumn, writeRecords } from '../output/records.ts'
import { parseLimit, type RecordFlags } from '../record-options.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { UnknownDeliveryError } from './unknown-delivery-error.ts'

interface DeliveriesFlags extends GlobalOptions, RecordFlags {
  readonly source?: string
  readonly all?: boolean
  readonly by?: string
  readonly reason?: string
}

export function deliveriesCommand(run: Runner): Command {
  const command = describedCommand('deliveries', 'List deliveries, show one, release or cancel one.', [
    { command: 'sluice deliveries', says: 'what waits, is held, or was put aside' },
    { command: 'sluice deliveries list --source hr --all', says: 'those that are over, too' },
    { command: 'sluice deliveries cancel ID', says: 'let one go that shall not be applied' },
  ])
    .allowExcessArguments()
    .action(() => {
      const [unknown] = command.args
      if (unknown !== undefined) throw unknownCommand(unknown, command)
      return run((context) => list(context, command.optsWithGlobals<DeliveriesFlags>()))
    })
  withListOptions(command)
  for (const made of [listCommand, showCommand, releaseCommand, cancelCommand]) command.addCommand(made(run))
  return command
}

/** Commander takes it for an argument, because `sluice deliveries` alone does something, too. */
function unknownCommand(name: string, { commands }: Command): WrongUsageError {
  const known = commands.map((command) => command.name())
  const remedy = suggestion(name, known) ?? 'sluice deliveries --help'
  return new WrongUsageError(`Unknown command '${name}'.`, remedy)
}

function withListOptions(command: Command): Command {
  return command
    .option('--source <SOURCE>', 'only deliveries of this source')
    .option('--all', 'those that are over, too')
    .addOption(new Option('--limit <N>', 'at most so many, or "all"').argParser(parseLimit).default(20))
    .option('--json', 'print them as one JSON array')
}

function listCommand(run: Runner): Command {
  const command = withListOptions(
    describedCommand('list', 'List what waits, is held or was put aside, newest first.', [
      { command: 'sluice deliveries list --source hr', says: 'what waits of one source' },
      { command: 'sluice deliveries list --all', says: 'those that are over, too' },
    ]),
  )
  return command.action(() => run((context) => list(context, command.optsWithGlobals<DeliveriesFlags>())))
}

function showCommand(run: Runner): Command {
  const command = describedCommand('show', 'Show what a delivery is and what became of it.')
    .argument('<DELIVERY>', 'its id')
    .option('--json', 'print it as one JSON document')
  return command.action((id: string) =>
    run((context) => show(context, id, command.optsWithGlobals<DeliveriesFlags>())),
  )
}

function cancelCommand(run: Runner): Command {
  const command = describedCommand(
    'cancel',
    'Cancel a delivery that waits or was put aside, and what builds on it; nothing of them is applied.',
    [
      {
        command: "sluice deliveries cancel ID --reason 'sent by mistake'",
        says: 'the next run of a source of incrementals is a complete',
      },
    ],
  )
  return withDecision(command).action((id: string) =>
    run((context) => cancel(context, id, command.optsWithGlobals<DeliveriesFlags>())),
  )
}

function releaseCommand(run: Runner): Command {
  const command = describedCommand(
    'release',
    'Have a delivery tried again that was put aside because servers died in the middle of its run.',
    [
      {
        command: "sluice deliveries release ID --reason 'the pods were evicted'",
        says: 'it was not to blame: two more may die of it',
      },
    ],
  )
  return withDecision(command).action((id: string) =>
    run((context) => release(context, id, command.optsWithGlobals<DeliveriesFlags>())),
  )
}

function withDecision(command: Command): Command {
  return command
    .argument('<DELIVERY>', 'its id')
    .option('--by <NAME>', 'who decides; the user of this computer when not given')
    .option('--reason <TEXT>', 'why, kept with the delivery')
    .option('--json', 'print it as one JSON document')
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

async function list(context: Context, flags: DeliveriesFlags): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const { source, all = false, limit = 20 } = flags
  const most = Number.isFinite(limit) ? limit : Number.MAX_SAFE_INTEGER
  const found = await repository.deliveries({ source, open: !all, limit: most })
  if (flags.json === true) await context.out.line(JSON.stringify(found, undefined, 2))
  else if (found.length > 0) await writeRecords(context.out, 'table', listColumns, found.map(listLine))
  else await context.err.line(all ? 'No delivery yet.' : 'Nothing waits. --all lists what is over, too.')
  return exitStatus.done
}

function listLine(record: DeliveryRecord): Cells {
  const { by, announcedAt, asideAt, reason } = record
  const why = asideAt === null ? reason : `since ${formatInstant(asideAt)}: ${reason}`
  return { ...record, by: describeBy(by), announced: formatInstant(announcedAt), why }
}

async function show(context: Context, id: string, flags: DeliveriesFlags): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const record = await repository.delivery(id)
  if (record === undefined) throw new UnknownDeliveryError(id)
  await write(context, record, flags)
  return exitStatus.done
}

async function release(context: Context, id: string, flags: DeliveriesFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  if ((await project.repository.delivery(id)) === undefined) throw new UnknownDeliveryError(id)
  const record = await project.releaseDelivery(id, { by: flags.by ?? context.user, reason: flags.reason })
  if (flags.json === true) await write(context, record, flags)
  else
    await context.out.line(
      `Delivery ${id} of ${record.source} is released, and tried again when its turn comes.`,
    )
  return exitStatus.done
}

async function cancel(context: Context, id: string, flags: DeliveriesFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  if ((await project.repository.delivery(id)) === undefined) throw new UnknownDeliveryError(id)
  const record = await project.cancelDelivery(id, { by: flags.by ?? context.user, reason: flags.reason })
  if (flags.json === true) await write(context, record, flags)
  else await context.out.line(`Delivery ${id} of ${record.source} is cancelled; nothing of it is applied.`)
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
    value === undefined ? [] : [`  ${name.padEnd(10)} ${value}`],
  )
  return [`Delivery ${record.delivery}`, ...known]
}
