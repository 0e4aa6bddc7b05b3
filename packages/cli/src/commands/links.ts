/**
 * How `sluice links` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { LinksFlags } from '../actions/links.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withRecordOptions } from '../record-options.ts'

const work = () => import('../actions/links.ts')

export function linksCommand(run: Runner): Command {
  const command = withRecordOptions(
    describedCommand('links', 'List the links of an association, each end by its display property.', [
      { command: 'sluice links Membership --where from=Engineering', says: 'by one end' },
      { command: 'sluice links Membership --csv > links.csv', says: 'all, for a spreadsheet' },
    ]).argument('<ASSOCIATION>', 'name of an association'),
    'links',
  )
  return command.action((association: string) =>
    run(work, ({ links }, context) => links(context, association, command.optsWithGlobals<LinksFlags>())),
  )
}
