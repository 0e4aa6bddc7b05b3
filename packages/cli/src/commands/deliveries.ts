/**
 * How `sluice deliveries` and the commands below it are called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { DeliveriesFlags } from '../actions/deliveries.ts'
import { describedCommand, type Runner, withActionOfItsOwn } from '../command.ts'
import { parseLimit } from '../record-options.ts'

const work = () => import('../actions/deliveries.ts')

export function deliveriesCommand(run: Runner): Command {
  const command = describedCommand('deliveries', 'List deliveries, show one, release or cancel one.', [
    { command: 'sluice deliveries', says: 'what waits, is held, or was put aside' },
    { command: 'sluice deliveries list --source hr --all', says: 'also those that are finished' },
    { command: 'sluice deliveries cancel ID', says: 'cancel one that must not be applied' },
  ])
  withListOptions(command)
  withActionOfItsOwn(command, run, () =>
    run(work, ({ list }, context) => list(context, command.optsWithGlobals<DeliveriesFlags>())),
  )
  for (const made of [listCommand, showCommand, releaseCommand, cancelCommand]) command.addCommand(made(run))
  return command
}

function withListOptions(command: Command): Command {
  return command
    .option('--source <SOURCE>', 'only deliveries of this source')
    .option('--all', 'also those that are finished')
    .addOption(new Option('--limit <N>', 'at most so many, or "all"').argParser(parseLimit).default(20))
    .option('--json', 'print them as one JSON array')
}

function listCommand(run: Runner): Command {
  const command = withListOptions(
    describedCommand('list', 'List what waits, is held or was put aside, newest first.', [
      { command: 'sluice deliveries list --source hr', says: 'what waits of one source' },
      { command: 'sluice deliveries list --all', says: 'also those that are finished' },
    ]),
  )
  return command.action(() =>
    run(work, ({ list }, context) => list(context, command.optsWithGlobals<DeliveriesFlags>())),
  )
}

function showCommand(run: Runner): Command {
  const command = describedCommand('show', 'Show what a delivery holds and its result.')
    .argument('<DELIVERY>', 'its id')
    .option('--json', 'print it as one JSON document')
  return command.action((id: string) =>
    run(work, ({ show }, context) => show(context, id, command.optsWithGlobals<DeliveriesFlags>())),
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
    run(work, ({ cancel }, context) => cancel(context, id, command.optsWithGlobals<DeliveriesFlags>())),
  )
}

function releaseCommand(run: Runner): Command {
  const command = describedCommand(
    'release',
    'Release a delivery that was put aside because processes died during its run; it is tried again.',
    [
      {
        command: "sluice deliveries release ID --reason 'the pods were evicted'",
        says: 'the delivery was not the cause: two more tries',
      },
    ],
  )
  return withDecision(command).action((id: string) =>
    run(work, ({ release }, context) => release(context, id, command.optsWithGlobals<DeliveriesFlags>())),
  )
}

function withDecision(command: Command): Command {
  return command
    .argument('<DELIVERY>', 'its id')
    .option('--by <NAME>', 'who decides; the user of this computer when not given')
    .option('--reason <TEXT>', 'why, kept with the delivery')
    .option('--json', 'print it as one JSON document')
}
