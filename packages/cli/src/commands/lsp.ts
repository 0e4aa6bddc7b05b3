/**
 * How `sluice lsp` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { ClassFlags } from '../actions/mapping-files.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/lsp.ts')

export function lspCommand(run: Runner): Command {
  const command = describedCommand(
    'lsp',
    'Serve an editor that shows syncmappings (TPL): the Language Server Protocol on standard input and output.',
    [
      { command: 'sluice lsp', says: 'started by the editor, in the folder it shows' },
      {
        command: 'sluice lsp --cdm classes.json',
        says: 'with the classes and attributes of this class model',
      },
    ],
  )
    .option(
      '--cdm <FILE>',
      'class model (JSON); when not given, the model of the project; where there is none, every class and attribute is accepted, and BMC classes extend one another as in the CDM',
    )
    .option('--stdio', 'what it does anyway; editors say it')
  return command.action(() =>
    run(work, ({ lsp }, context) => lsp(context, command.optsWithGlobals<ClassFlags>())),
  )
}
