/**
 * How `sluice lsp` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { RuleFlags } from '../actions/mapping-files.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withRules } from './rule-options.ts'

const work = () => import('../actions/lsp.ts')

export function lspCommand(run: Runner): Command {
  const command = withRules(
    describedCommand(
      'lsp',
      'Serve an editor that shows syncmappings (TPL): the Language Server Protocol on standard input and output.',
      [
        { command: 'sluice lsp', says: 'started by the editor, in the folder it shows' },
        {
          command: 'sluice lsp --cdm classes.json',
          says: 'with the classes and attributes of this class model',
        },
      ],
    ),
  ).option('--stdio', 'has no effect; some editors pass it')
  return command.action(() =>
    run(work, ({ lsp }, context) => lsp(context, command.optsWithGlobals<RuleFlags>())),
  )
}
