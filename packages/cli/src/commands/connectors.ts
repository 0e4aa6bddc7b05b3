/**
 * How `sluice connectors` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { ConnectorsFlags } from '../actions/connectors.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/connectors.ts')

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
