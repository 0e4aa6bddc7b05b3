/**
 * How `sluice source` and the commands below it are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { SourceFlags } from '../actions/source.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/source.ts')

export function sourceCommand(run: Runner): Command {
  return describedCommand('source', 'Who may fill the tables of a source.', [
    { command: 'sluice source grant cmdb etl', says: 'the role etl of the database may fill its tables' },
    { command: 'sluice source revoke cmdb etl', says: 'and may not any more' },
  ])
    .addCommand(grantCommand(run))
    .addCommand(revokeCommand(run))
}

function grantCommand(run: Runner): Command {
  const command = withRole(
    describedCommand(
      'grant',
      'Let a role of the database read, insert, update and delete rows in the tables of a source, and nothing else.',
      [{ command: 'sluice source grant cmdb etl', says: 'for psql, or an ETL tool' }],
    ),
  )
  return command.action((source: string, role: string) =>
    run(work, ({ grant }, context) => grant(context, source, role, command.optsWithGlobals<SourceFlags>())),
  )
}

function revokeCommand(run: Runner): Command {
  const command = withRole(
    describedCommand('revoke', 'Take from a role of the database what it may do to the tables of a source.', [
      { command: 'sluice source revoke cmdb etl', says: 'of a tool that is gone' },
    ]),
  )
  return command.action((source: string, role: string) =>
    run(work, ({ revoke }, context) => revoke(context, source, role, command.optsWithGlobals<SourceFlags>())),
  )
}

function withRole(command: Command): Command {
  return command
    .argument('<SOURCE>', 'name of a source')
    .argument('<ROLE>', 'name of a role of the database')
    .option('--json', 'print the tables as one JSON array')
}
