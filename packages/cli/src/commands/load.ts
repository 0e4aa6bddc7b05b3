/**
 * How `sluice load` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { LoadFlags } from '../actions/load.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/load.ts')

export function loadCommand(run: Runner): Command {
  const command = describedCommand(
    'load',
    'Load the rows of a CSV into an open table, and run its source on them.',
    [
      { command: 'sluice load cmdb servers.csv', says: 'rows that are not in the file have disappeared' },
      { command: 'sluice load cmdb servers.csv --dry-run', says: 'only say what would change' },
      { command: "zcat all.gz | sluice load cmdb - --separator ','", says: 'from another program' },
      { command: 'sluice load cmdb servers.csv --continue', says: 'leave bad rows out' },
    ],
  )
    .argument('<SOURCE>', 'name of a source with `table: true`')
    .argument('<FILE>', 'a CSV with a header, of which a column is primary_key; - for standard input')
    .option('--type <TYPE>', 'the entity type, where the source fills several')
    .option('--separator <SIGN>', 'what stands between two cells, or "tab"; ; when not given')
    .option('--qualifier <SIGN>', 'what encloses a cell; " when not given')
    .option('--charset <NAME>', 'such as windows-1252; UTF-8 when not given')
    .option('--date-format <FORMAT>', 'such as d/m/Y or dd/MM/yyyy HH:mm; ISO 8601 when not given')
    .option('--continue', 'leave bad rows out; nothing is loaded when one is bad otherwise')
    .option('--no-run', 'only load; `sluice synchronize` applies it')
    .option('--force', 'apply even what exceeds a threshold')
    .option('--dry-run', 'show what would change and which thresholds would hold it; store nothing')
    .option('--json', 'print one JSON document and nothing else')
  return command.action((source: string, file: string) =>
    run(work, ({ load }, context) => load(context, source, file, command.optsWithGlobals<LoadFlags>())),
  )
}
