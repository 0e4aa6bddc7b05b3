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
      'List orders: values that managed systems should have, and whether they have them. Add orders, cancel them.',
      [
        {
          command: 'sluice orders ad --state overdue --state contradicted',
          says: 'orders that ad has not executed',
        },
        { command: 'sluice orders add ad Person 1007 department=Sales --due 2026-12-01', says: 'state one' },
        { command: 'sluice orders link ad Membership 1007 Admins', says: 'state one of a link' },
        { command: 'sluice orders add --file orders.csv', says: 'state many' },
        { command: 'sluice orders cancel R-17', says: 'take one back' },
      ],
    ).argument('[SOURCE]', 'name of a source; all when not given'),
    'orders',
  ).addOption(
    stateOption<OrderState>('--state <STATE>', 'only those in this state', {
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
  const command = describedCommand(
    'add',
    'Add an order: which values a managed system should have from now on.',
    [
      {
        command: 'sluice orders add ad Person 1007 department=Sales phone=',
        says: 'values; phone should be empty',
      },
      { command: 'sluice orders add ad Person 1007 --gone --id R-18', says: 'the row should not exist' },
      {
        command: 'sluice orders add --file orders.csv',
        says: 'columns id,source,type,resource,property,value,to,ordered,due',
      },
    ],
  )
    .argument('[SOURCE]', 'name of the source that should have it')
    .argument('[TYPE]', 'name of an entity type')
    .argument('[RESOURCE]', 'the key of its row, which need not be there yet, or the name of the resource')
    .argument(
      '[VALUES...]',
      'name=value of each property; a reference as the name of its target',
      collectValue,
    )
    .option('--id <ID>', 'id of the order; a new one when not given')
    .option('--exists', 'the row should exist')
    .option('--gone', 'the row should not exist')
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
    'Add an order: which two resources a managed system should link from now on.',
    [
      {
        command: 'sluice orders link ad Membership 1007 Admins --due 2026-12-01',
        says: 'the link should exist',
      },
      { command: 'sluice orders link ad Membership 1007 Admins --gone', says: 'the link should not exist' },
    ],
  )
    .argument('<SOURCE>', 'name of the source that should have it')
    .argument('<ASSOCIATION>', 'name of an association')
    .argument('<FROM>', 'what the source calls the resource at the end "from", or its name')
    .argument('<TO>', 'likewise, at the end "to"')
    .option('--id <ID>', 'id of the order; a new one when not given')
    .option('--gone', 'the link should not exist')
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
  const command = describedCommand('cancel', 'Cancel an order, as far as it is still open.', [
    { command: 'sluice orders cancel R-17', says: 'later runs ignore it' },
  ])
    .argument('<ORDER>', 'its id')
    .option('--json', 'print what it said as one JSON array')
  return command.action((order: string) =>
    run(work, ({ cancel }, context) => cancel(context, order, command.optsWithGlobals<CancelFlags>())),
  )
}

export function diffCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand('diff', 'List every difference between the orders of a managed system and its values.', [
      { command: 'sluice diff ad', says: 'pending, contradicted and overdue' },
      { command: 'sluice diff ad --csv', says: 'for a spreadsheet' },
    ]).argument('<SOURCE>', 'name of a source'),
    'differences',
  )
  return command.action((source: string) =>
    run(work, ({ diff }, context) => diff(context, source, command.optsWithGlobals<OrdersFlags>())),
  )
}
