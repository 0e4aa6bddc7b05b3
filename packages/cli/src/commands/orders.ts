/**
 * How `sluice orders`, the commands below it and `sluice diff` are called.
 *
 * @module
 */
import type { OrderState } from '@sluice/model'
import type { Command } from 'commander'
import type { AddFlags, CancelFlags, LinkFlags, OrdersFlags } from '../actions/orders.ts'
import { describedCommand, type Runner } from '../command.ts'
import { collectValue, type GivenValue } from '../given-value.ts'
import { withShapeOptions } from '../record-options.ts'
import { stateOption } from '../state-option.ts'

const work = () => import('../actions/orders.ts')

export function ordersCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand(
      'orders',
      'List what managed systems were ordered to say, and whether they do; state orders, take them back.',
      [
        {
          command: 'sluice orders ad --state overdue --state contradicted',
          says: 'what ad has not carried out',
        },
        { command: 'sluice orders add ad Person 1007 department=Sales --due 2026-12-01', says: 'state one' },
        { command: 'sluice orders link ad Membership 1007 Admins', says: 'state one of a link' },
        { command: 'sluice orders add --file orders.csv', says: 'state many' },
        { command: 'sluice orders cancel R-17', says: 'take one back' },
      ],
    ).argument('[SOURCE]', 'name of a source; all when not given'),
    'orders',
  ).addOption(
    stateOption<OrderState>('--state <STATE>', 'only what is so', {
      pending: true,
      executed: true,
      contradicted: true,
      overdue: true,
      cancelled: true,
      superseded: true,
    }),
  )
  command.action((source: string | undefined) =>
    run(work, ({ list }, context) => list(context, source, command.optsWithGlobals<OrdersFlags>())),
  )
  return command.addCommand(addCommand(run)).addCommand(linkCommand(run)).addCommand(cancelCommand(run))
}

function addCommand(run: Runner): Command {
  const command = describedCommand('add', 'State what a managed system should say from now on.', [
    {
      command: 'sluice orders add ad Person 1007 department=Sales phone=',
      says: 'values; phone should be empty',
    },
    { command: 'sluice orders add ad Person 1007 --gone --id R-18', says: 'the row should be gone' },
    {
      command: 'sluice orders add --file orders.csv',
      says: 'columns id,source,type,resource,property,value,to,ordered,due',
    },
  ])
    .argument('[SOURCE]', 'name of the source that is to say it')
    .argument('[TYPE]', 'name of an entity type')
    .argument('[RESOURCE]', 'the key of its row, which need not be there yet, or the name of the resource')
    .argument(
      '[VALUES...]',
      'name=value of each property; a reference as the name of its target',
      collectValue,
    )
    .option('--id <ID>', 'of whoever orders it; made up when not given')
    .option('--exists', 'the row should be there')
    .option('--gone', 'the row should be gone')
    .option('--ordered <WHEN>', 'date or time at which it was ordered; now when not given')
    .option('--due <WHEN>', 'date or time (UTC) from which on it is overdue')
    .option('--file <FILE>', 'state the orders of a CSV, all of them or none')
    .option('--json', 'print what was stated as one JSON array')
  return command.action(
    (
      source: string | undefined,
      type: string | undefined,
      resource: string | undefined,
      values: readonly GivenValue[] = [],
    ) =>
      run(work, ({ add }, context) =>
        add(context, { source, type, resource, values }, command.optsWithGlobals<AddFlags>()),
      ),
  )
}

function linkCommand(run: Runner): Command {
  const command = describedCommand(
    'link',
    'State that a managed system should say from now on that two resources are linked.',
    [
      {
        command: 'sluice orders link ad Membership 1007 Admins --due 2026-12-01',
        says: 'the link should be there',
      },
      { command: 'sluice orders link ad Membership 1007 Admins --gone', says: 'the link should be gone' },
    ],
  )
    .argument('<SOURCE>', 'name of the source that is to say it')
    .argument('<ASSOCIATION>', 'name of an association')
    .argument('<FROM>', 'what the source calls the resource at the end "from", or its name')
    .argument('<TO>', 'likewise, at the end "to"')
    .option('--id <ID>', 'of whoever orders it; made up when not given')
    .option('--gone', 'the link should be gone')
    .option('--ordered <WHEN>', 'date or time at which it was ordered; now when not given')
    .option('--due <WHEN>', 'date or time (UTC) from which on it is overdue')
    .option('--json', 'print what was stated as one JSON array')
  return command.action((source: string, association: string, from: string, to: string) =>
    run(work, ({ link }, context) =>
      link(context, { source, association, from, to }, command.optsWithGlobals<LinkFlags>()),
    ),
  )
}

function cancelCommand(run: Runner): Command {
  const command = describedCommand('cancel', 'Take back all of an order that still stands.', [
    { command: 'sluice orders cancel R-17', says: 'no run looks at it any more' },
  ])
    .argument('<ORDER>', 'its id')
    .option('--json', 'print what it said as one JSON array')
  return command.action((order: string) =>
    run(work, ({ cancel }, context) => cancel(context, order, command.optsWithGlobals<CancelFlags>())),
  )
}

export function diffCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand(
      'diff',
      'List every difference between what a managed system was ordered to say and what it says.',
      [
        { command: 'sluice diff ad', says: 'pending, contradicted and overdue' },
        { command: 'sluice diff ad --csv', says: 'for a spreadsheet' },
      ],
    ).argument('<SOURCE>', 'name of a source'),
    'differences',
  )
  return command.action((source: string) =>
    run(work, ({ diff }, context) => diff(context, source, command.optsWithGlobals<OrdersFlags>())),
  )
}
