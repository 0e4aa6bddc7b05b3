/**
 * How `sluice replica` and the commands below it are called.
 *
 * @module
 */
import type { ReplicaAction, ReplicaStatus } from '@sluice/model'
import { type Command, Option } from 'commander'
import type { ReplicaFlags } from '../actions/replica.ts'
import { describedCommand, type Runner } from '../command.ts'
import { stateOption } from '../state-option.ts'
import { parseSince } from '../until-option.ts'

const work = () => import('../actions/replica.ts')

const actions: readonly {
  readonly action: ReplicaAction
  readonly says: string
  readonly example: { readonly command: string; readonly says: string }
}[] = [
  {
    action: 'retry',
    says: 'Apply rows again, whatever their status. A row whose resource was deleted searches for another one.',
    example: { command: 'sluice replica retry cmdb Server --errors', says: 'all that could not be applied' },
  },
  {
    action: 'reconcile',
    says: 'Detach rows from their resources, and search again with the present rules.',
    example: {
      command: 'sluice replica reconcile cmdb Server srv01',
      says: 'a row that found the wrong resource',
    },
  },
  {
    action: 'unlink',
    says: 'Detach rows from their resources. The resources stay; the rows stay without one until they change or are reconciled.',
    example: {
      command: "sluice replica unlink cmdb Server srv01 --reason 'a test machine'",
      says: 'and why',
    },
  },
  {
    action: 'delete',
    says: 'Delete rows and their asserted values. Their resources stay, with the values of other sources.',
    example: {
      command: 'sluice replica delete cmdb Server --status orphan',
      says: 'all whose resource was deleted',
    },
  },
]

export function replicaCommand(run: Runner): Command {
  const command = describedCommand(
    'replica',
    'Work on single rows of a source that shares its resources; sluice replicas lists them.',
    actions.map(({ example }) => example),
  )
  for (const one of actions) command.addCommand(actionCommand(run, one))
  return command
}

function actionCommand(run: Runner, { action, says, example }: (typeof actions)[number]): Command {
  const command = describedCommand(action, says, [example])
    .argument('<SOURCE>', 'name of a source')
    .argument('<TYPE>', 'name of an entity type')
    .argument('[KEYS...]', 'keys of the rows; or say --status, --errors, --not-seen-since or --all')
    .addOption(
      stateOption<ReplicaStatus>('--status <STATUS>', 'rows in this status', {
        new: true,
        synchronized: true,
        modified: true,
        orphan: true,
        obsolete: true,
      }),
    )
    .option('--errors', 'rows with an error or a warning')
    .addOption(
      new Option('--not-seen-since <WHEN>', 'rows last seen before an instant, or so long ago').argParser(
        parseSince,
      ),
    )
    .option('--all', 'every row')
    .option('--reason <TEXT>', 'why; is kept with the run')
    .option('--json', 'print the report as JSON')
  return command.action((source: string, type: string, keys: readonly string[] = []) =>
    run(work, ({ act }, context) =>
      act(context, { source, type, keys, action }, command.optsWithGlobals<ReplicaFlags>()),
    ),
  )
}
