/**
 * How `sluice matches` and the commands below it are called.
 *
 * @module
 */
import type { MatchState } from '@sluice/model'
import type { Command } from 'commander'
import type { DecideFlags, MatchesFlags, ShowFlags } from '../actions/matches.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withShapeOptions } from '../record-options.ts'
import { stateOption } from '../state-option.ts'

const work = () => import('../actions/matches.ts')

export function matchesCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand(
      'matches',
      'List rows that several resources match and that wait for a decision; decide.',
      [
        { command: 'sluice matches doors', says: 'the rows of doors that wait' },
        {
          command: 'sluice matches show doors Person 505',
          says: 'one row beside the resources it may belong to',
        },
        { command: 'sluice matches decide doors Person 505 --link 17', says: 'it belongs to this one' },
        { command: 'sluice matches undo doors Person 505', says: 'take that back' },
      ],
    ).argument('[SOURCE]', 'name of a source; all when not given'),
    'matches',
  ).addOption(
    stateOption<MatchState>('--state <STATE>', 'only those in this state; what waits when not given', {
      waiting: true,
      decided: true,
      applied: true,
      settled: true,
    }),
  )
  command.action((source: string | undefined) =>
    run(work, ({ list }, context) => list(context, source, command.optsWithGlobals<MatchesFlags>())),
  )
  return command.addCommand(showCommand(run)).addCommand(decideCommand(run)).addCommand(undoCommand(run))
}

function showCommand(run: Runner): Command {
  const command = describedCommand('show', 'Show a row beside the resources it may belong to.', [
    { command: 'sluice matches show doors Person 505', says: 'property by property' },
  ])
    .argument('<SOURCE>', 'name of its source')
    .argument('<TYPE>', 'name of its entity type')
    .argument('<KEY>', 'its key')
    .option('--json', 'print it as JSON')
  return command.action((source: string, entityType: string, key: string) =>
    run(work, ({ show }, context) =>
      show(context, { source, entityType, key }, command.optsWithGlobals<ShowFlags>()),
    ),
  )
}

function decideCommand(run: Runner): Command {
  const command = withRows(
    describedCommand(
      'decide',
      'Decide to which resource rows belong. The decision is stored and applied at once.',
      [
        { command: 'sluice matches decide doors Person 505 --link 17', says: 'to this one' },
        { command: 'sluice matches decide doors Person 505 506 --create', says: 'each to a new one' },
        { command: 'sluice matches decide doors Person --all --ignore', says: 'to none' },
      ],
    ),
    'all rows of the type that wait',
  )
    .option('--link <ID>', 'they belong to this resource')
    .option('--create', 'each makes a new resource')
    .option('--ignore', 'they belong to no resource and are ignored')
  return command.action((source: string, type: string, keys: readonly string[]) =>
    run(work, ({ decide }, context) =>
      decide(context, { source, type, keys }, command.optsWithGlobals<DecideFlags>()),
    ),
  )
}

function undoCommand(run: Runner): Command {
  const command = withRows(
    describedCommand(
      'undo',
      'Take decisions back: the row is detached from the resource it got by the decision, and waits again. Created resources stay.',
      [{ command: 'sluice matches undo doors Person 505', says: 'somebody is asked again' }],
    ),
    'all rows of the type that have a decision',
  )
  return command.action((source: string, type: string, keys: readonly string[]) =>
    run(work, ({ undo }, context) =>
      undo(context, { source, type, keys }, command.optsWithGlobals<DecideFlags>()),
    ),
  )
}

function withRows(command: Command, all: string): Command {
  return command
    .argument('<SOURCE>', 'name of their source')
    .argument('<TYPE>', 'name of their entity type')
    .argument('[KEYS...]', 'their keys')
    .option('--all', all)
    .option('--comment <TEXT>', 'why, for the history')
    .option('--json', 'print what was decided, and the reports of the runs that carried it out')
}
