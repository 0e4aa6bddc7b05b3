/**
 * How `sluice notifications` and the commands below it are called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { NotificationsFlags } from '../actions/notifications.ts'
import { describedCommand, type Runner, withActionOfItsOwn } from '../command.ts'
import { parseLimit } from '../record-options.ts'

const work = () => import('../actions/notifications.ts')

export function notificationsCommand(run: Runner): Command {
  const command = describedCommand('notifications', 'List notifications, test receivers, send again.', [
    { command: 'sluice notifications', says: 'what was sent, waits, or was given up' },
    { command: 'sluice notifications test ops', says: 'whether the receiver ops can be reached' },
    { command: 'sluice notifications retry --all', says: 'once it can be reached again' },
  ])
  withListOptions(command)
  withActionOfItsOwn(command, run, () =>
    run(work, ({ list }, context) => list(context, command.optsWithGlobals<NotificationsFlags>())),
  )
  for (const made of [listCommand, testCommand, retryCommand, checkCommand]) command.addCommand(made(run))
  return command
}

function withListOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--state <STATE>', 'only those in this state').choices(['waiting', 'sent', 'givenUp']),
    )
    .option('--source <SOURCE>', 'only notifications about this source')
    .option('--receiver <RECEIVER>', 'only notifications for this receiver')
    .addOption(new Option('--limit <N>', 'at most so many, or "all"').argParser(parseLimit).default(20))
    .option('--json', 'print them as one JSON array')
}

function listCommand(run: Runner): Command {
  const command = withListOptions(
    describedCommand('list', 'List notifications, newest first.', [
      { command: 'sluice notifications list --state givenUp', says: 'those that never arrived' },
    ]),
  )
  return command.action(() =>
    run(work, ({ list }, context) => list(context, command.optsWithGlobals<NotificationsFlags>())),
  )
}

function testCommand(run: Runner): Command {
  const command = describedCommand('test', 'Send a test to a receiver now, and show the result.', [
    { command: 'sluice notifications test ops', says: 'exit status 1 when it is not accepted' },
  ])
    .argument('<RECEIVER>', 'its name under notifications: receivers')
    .option('--json', 'print the outcome as one JSON document')
  return command.action((receiver: string) =>
    run(work, ({ test }, context) => test(context, receiver, command.optsWithGlobals<NotificationsFlags>())),
  )
}

function retryCommand(run: Runner): Command {
  const command = describedCommand('retry', 'Try again to send what waits or was given up.', [
    { command: 'sluice notifications retry ID', says: 'one of them' },
    { command: 'sluice notifications retry --all', says: 'all of them' },
  ])
    .argument('[NOTIFICATION]', 'its id')
    .option('--all', 'all that wait or were given up')
    .option('--json', 'print the outcome as one JSON document')
  return command.action((id: string | undefined) =>
    run(work, ({ retry }, context) => retry(context, id, command.optsWithGlobals<NotificationsFlags>())),
  )
}

function checkCommand(run: Runner): Command {
  const command = describedCommand(
    'check',
    'Check whether sources are late, and send notifications that are due; for cron, where no server runs.',
    [{ command: 'sluice notifications check', says: 'every few minutes' }],
  ).option('--json', 'print what was found and sent as one JSON document')
  return command.action(() =>
    run(work, ({ check }, context) => check(context, command.optsWithGlobals<NotificationsFlags>())),
  )
}
