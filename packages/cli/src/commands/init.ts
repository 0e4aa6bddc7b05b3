/**
 * How `sluice init` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/init.ts')

export function initCommand(run: Runner): Command {
  return describedCommand(
    'init',
    'Write a small project that works: sluice.yaml, a model, one source with data.',
    [
      { command: 'sluice init demo', says: 'in a new folder "demo"' },
      { command: 'sluice init', says: 'in this folder' },
    ],
  )
    .argument('[DIR]', 'the folder of the project; made when it does not exist', '.')
    .action((folder: string) => run(work, ({ init }, context) => init(context, folder)))
}
