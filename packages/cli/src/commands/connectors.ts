/**
 * How `sluice connectors` and `sluice connector` are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { ConnectorsFlags } from '../actions/connectors.ts'
import type { NewConnectorFlags } from '../actions/new-connector.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/connectors.ts')
const writing = () => import('../actions/new-connector.ts')

export function connectorsCommand(run: Runner): Command {
  const command = describedCommand(
    'connectors',
    'List the kinds of managed systems that Sluice can read by itself, and whether what they need is installed.',
    [{ command: 'sluice connectors', says: 'then, in sluice.yaml: export: {connector: ldap, …}' }],
  ).option('--json', 'print them as one JSON array')
  return command.action(() =>
    run(work, ({ connectors }, context) => connectors(context, command.optsWithGlobals<ConnectorsFlags>())),
  )
}

export function connectorCommand(run: Runner): Command {
  return describedCommand(
    'connector',
    'Write a connector of your own, for a system that Sluice has none for.',
    [
      { command: 'sluice connector new crm', says: 'a manifest: what the system is like, as YAML' },
      { command: 'sluice connector new crm --code', says: 'a module, where a manifest cannot say it' },
    ],
  ).addCommand(newCommand(run))
}

function newCommand(run: Runner): Command {
  const command = describedCommand(
    'new',
    'Write a connector to begin with into connectors/NAME of the project, with a small system and tests that run against it.',
    [{ command: 'sluice connector new crm', says: 'then: node --test connectors/crm/contract.test.mjs' }],
  )
    .argument('<NAME>', 'its name: small letters, digits and dashes')
    .option('--code', 'a module in JavaScript, in place of a manifest')
  return command.action((name: string) =>
    run(writing, ({ newConnector }, context) =>
      newConnector(context, name, command.optsWithGlobals<NewConnectorFlags>()),
    ),
  )
}
