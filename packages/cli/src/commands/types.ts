/**
 * How `sluice types` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { TypesFlags } from '../actions/types.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/types.ts')

export function typesCommand(run: Runner): Command {
  const command = describedCommand(
    'types',
    'Write the model as TypeScript, for programs that read a repository with the library.',
    [
      { command: 'sluice types --out model.ts', says: 'then, in a program: openProject<Model>()' },
      { command: 'sluice types', says: 'the same, to look at' },
    ],
  ).option('--out <FILE>', 'write into this file, in place of standard output')
  return command.action(() =>
    run(work, ({ types }, context) => types(context, command.optsWithGlobals<TypesFlags>())),
  )
}
