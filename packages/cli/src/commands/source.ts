/**
 * How `sluice source` and the commands below it are called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { AddSourceFlags } from '../actions/add-source.ts'
import type { ApplyFlags, DefinitionFlags, DeleteFlags, ShowFlags } from '../actions/definitions.ts'
import type { SourceFlags } from '../actions/source.ts'
import type { SuspendFlags } from '../actions/suspensions.ts'
import type { CheckSystemFlags, DiscoverFlags } from '../actions/systems.ts'
import { describedCommand, type Runner } from '../command.ts'
import { parseUntil } from '../until-option.ts'
import { startSourceCommand, stopSourceCommand } from './source-start.ts'

const adding = () => import('../actions/add-source.ts')
const work = () => import('../actions/source.ts')
const suspensions = () => import('../actions/suspensions.ts')
const systems = () => import('../actions/systems.ts')
const definitions = () => import('../actions/definitions.ts')

export function sourceCommand(run: Runner): Command {
  return describedCommand(
    'source',
    'List sources, and check their managed systems; store definitions of sources in the repository; grant rights on their tables.',
    [
      { command: 'sluice source list', says: 'where each is defined, and what it holds' },
      { command: 'sluice source apply cmdb.yaml', says: 'store what the file defines' },
      { command: 'sluice source delete cmdb --resources keep --dry-run', says: 'what would become of it' },
      {
        command: 'sluice source suspend cmdb --reason correcting',
        says: 'no run of it begins until it is resumed',
      },
      { command: 'sluice source grant cmdb etl', says: 'the role etl of the database may fill its tables' },
    ],
  )
    .addCommand(listCommand(run))
    .addCommand(showCommand(run))
    .addCommand(addCommand(run))
    .addCommand(checkSystemCommand(run))
    .addCommand(discoverCommand(run))
    .addCommand(applyCommand(run))
    .addCommand(startSourceCommand(run))
    .addCommand(stopSourceCommand(run))
    .addCommand(suspendCommand(run))
    .addCommand(resumeCommand(run))
    .addCommand(renameCommand(run))
    .addCommand(deleteCommand(run))
    .addCommand(grantCommand(run))
    .addCommand(revokeCommand(run))
}

function listCommand(run: Runner): Command {
  const command = describedCommand(
    'list',
    'List all sources: those of the files, those of the repository, and those that are no longer in the files.',
    [{ command: 'sluice source list --json', says: 'for scripts' }],
  ).option('--json', 'print them as one JSON array')
  return command.action(() =>
    run(definitions, ({ list }, context) => list(context, command.optsWithGlobals<DefinitionFlags>())),
  )
}

function showCommand(run: Runner): Command {
  const command = describedCommand(
    'show',
    'Show the whole definition of a source as YAML, with what was left out filled in, and where it is defined.',
    [
      { command: 'sluice source show cmdb > cmdb.yaml', says: 'to change it, and apply it again' },
      { command: 'sluice source show cmdb --history', says: 'who has stored what, and when' },
    ],
  )
    .argument('<SOURCE>', 'name of a source')
    .option('--history', 'the changes of its definition in the repository')
    .option('--json', 'print it as one JSON document')
  return command.action((source: string) =>
    run(definitions, ({ show }, context) => show(context, source, command.optsWithGlobals<ShowFlags>())),
  )
}

function addCommand(run: Runner): Command {
  const command = describedCommand(
    'add',
    'Add a source: connect to a managed system, look at what it holds, and write a model and mappings as a file of the project.',
    [
      {
        command: 'sluice source add ldap',
        says: 'asks for address, user and password; the file is ldap.yaml',
      },
      {
        command: 'sluice source add sqlite --name shop --option file=shop.db',
        says: 'asks for nothing more',
      },
    ],
  )
    .argument('<CONNECTOR>', 'a connector that `sluice connectors` lists, or one of the project')
    .option('--name <NAME>', 'name of the source; that of the connector when not given')
    .option(
      '--option <NAME=VALUE...>',
      'options of the connector; a secret as JSON: password={"environment":"LDAP_PASSWORD"}',
    )
    .option('--dry-run', 'write nothing, and show what would be written')
  return command.action((connector: string) =>
    run(adding, ({ addSource }, context) =>
      addSource(context, connector, command.optsWithGlobals<AddSourceFlags>()),
    ),
  )
}

function checkSystemCommand(run: Runner): Command {
  const command = describedCommand(
    'check',
    'Connect to the managed system of a source with a connector, and say what is visible there.',
    [
      {
        command: 'sluice source check directory',
        says: 'the server, the user, and how much each file would hold',
      },
      {
        command: 'sluice source check directory --agent',
        says: 'from afar: by the agent that delivers it, as its files say',
      },
    ],
  )
    .argument('<SOURCE>', 'name of a source')
    .option(
      '--agent [HOST]',
      'through the server, by the agent that delivers it; its machine or id, where several do',
    )
    .option('--json', 'print it as one JSON document')
  return command.action((source: string) =>
    run(systems, ({ checkSystem }, context) =>
      checkSystem(context, source, command.optsWithGlobals<CheckSystemFlags>()),
    ),
  )
}

function discoverCommand(run: Runner): Command {
  const command = describedCommand(
    'discover',
    'Look at what the managed system of a source with a connector holds, and suggest a model and mappings as YAML.',
    [
      { command: 'sluice source discover directory', says: 'to look at' },
      { command: 'sluice source discover directory --out found.yaml', says: 'to take from what is needed' },
    ],
  )
    .argument('<SOURCE>', 'name of a source')
    .option('--out <FILE>', 'write into this file, in place of standard output')
  return command.action((source: string) =>
    run(systems, ({ discover }, context) =>
      discover(context, source, command.optsWithGlobals<DiscoverFlags>()),
    ),
  )
}

function applyCommand(run: Runner): Command {
  const command = describedCommand(
    'apply',
    'Store the sources of a YAML file (`sources:`, as in sluice.yaml) in the repository: all of them, or none.',
    [
      { command: 'sluice source apply cmdb.yaml --dry-run', says: 'what that would change' },
      { command: 'sluice source apply cmdb.yaml', says: 'every process that opens the repository has them' },
    ],
  )
    .argument('<FILE>', 'a file of sources; - for standard input')
    .option('--dry-run', 'say what would change, and store nothing')
    .addOption(new Option('--allow-loss', 'also if the source would lose stored rows'))
    .option('--json', 'print the result as one JSON document')
  return command.action((file: string) =>
    run(definitions, ({ apply }, context) => apply(context, file, command.optsWithGlobals<ApplyFlags>())),
  )
}

function suspendCommand(run: Runner): Command {
  const command = describedCommand(
    'suspend',
    'Suspend a source: no run of it starts until it is resumed. Its resources and locks stay as they are; deliveries and loads wait.',
    [
      { command: 'sluice source suspend hr --reason correcting', says: 'until it is resumed' },
      { command: 'sluice source suspend hr --until 2d', says: 'until then at the latest' },
      { command: 'sluice source suspend hr --until 2026-12-01T08:00Z', says: 'or until this instant' },
    ],
  )
    .argument('<SOURCE>', 'name of a source')
    .option('--reason <TEXT>', 'shown to everybody who asks why the source does not run')
    .addOption(
      new Option(
        '--until <TIME>',
        'when it ends by itself: an instant such as 2026-12-01T08:00Z, or 12h, 2d',
      ).argParser(parseUntil),
    )
    .option('--json', 'print it as one JSON document')
  return command.action((source: string) =>
    run(suspensions, ({ suspend }, context) =>
      suspend(context, source, command.optsWithGlobals<SuspendFlags>()),
    ),
  )
}

function resumeCommand(run: Runner): Command {
  const command = describedCommand('resume', 'Let a suspended source run again.', [
    { command: 'sluice source resume hr', says: 'its next run takes what arrived in the meantime' },
  ])
    .argument('<SOURCE>', 'name of a source')
    .option('--json', 'print the result as one JSON document')
  return command.action((source: string) =>
    run(suspensions, ({ resume }, context) =>
      resume(context, source, command.optsWithGlobals<DefinitionFlags>()),
    ),
  )
}

function renameCommand(run: Runner): Command {
  const command = describedCommand(
    'rename',
    'Give a stored source another name. Its rows, resources, locks, rights, orders and histories are kept.',
    [
      {
        command: 'sluice source rename cmdb inventory',
        says: 'a source in a file is renamed there, with renamedFrom: cmdb',
      },
    ],
  )
    .argument('<OLD>', 'name of a source')
    .argument('<NEW>', 'its name from now on')
    .option('--json', 'print its name as one JSON document')
  return command.action((from: string, to: string) =>
    run(definitions, ({ rename }, context) =>
      rename(context, from, to, command.optsWithGlobals<DefinitionFlags>()),
    ),
  )
}

function deleteCommand(run: Runner): Command {
  const command = describedCommand(
    'delete',
    'Delete a stored source, or one that is no longer in the files; decide what happens to its resources.',
    [
      { command: 'sluice source delete cmdb --resources delete --dry-run', says: 'what would be deleted' },
      { command: 'sluice source delete cmdb --resources keep', says: 'its resources stay, without a source' },
    ],
  )
    .argument('<SOURCE>', 'name of a source')
    .addOption(
      new Option(
        '--resources <FATE>',
        'keep: all stay, without locks; hand-on: other sources that also hold them take over, the rest stays; delete: those that no other source holds are deleted. Asked at a terminal',
      ).choices(['keep', 'hand-on', 'delete']),
    )
    .option('--dry-run', 'say what would change; nothing is written')
    .option('--force', 'past the thresholds')
    .option('--json', 'print the report of the run as one JSON document')
  return command.action((source: string) =>
    run(definitions, ({ remove }, context) =>
      remove(context, source, command.optsWithGlobals<DeleteFlags>()),
    ),
  )
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
    describedCommand('revoke', 'Revoke from a role of the database its rights on the tables of a source.', [
      { command: 'sluice source revoke cmdb etl', says: 'of a tool that is no longer used' },
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
