/**
 * How `sluice mapping` and the commands below it are called.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { DrawFlags } from '../actions/draw-mappings.ts'
import type { CheckFlags, FormatFlags, RunFlags } from '../actions/mapping.ts'
import type { DiffFlags } from '../actions/mapping-diff.ts'
import type { TryFlags } from '../actions/try-mappings.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withFormatOptions } from '../graph-options.ts'
import { withRules } from './rule-options.ts'

const work = () => import('../actions/mapping.ts')
const diffWork = () => import('../actions/mapping-diff.ts')

export function mappingCommand(run: Runner): Command {
  return describedCommand(
    'mapping',
    'Try the mappings of a source on its first rows; check, run, test, format and draw syncmappings (TPL), the mappings of graphs. No repository is opened, and nothing is written to one. In a project its model is what classes, attributes and relationships are checked against.',
    [
      { command: 'sluice mapping try hr', says: 'rows of its files, before and after they are shaped' },
      {
        command: 'sluice mapping check mappings/*.tpl',
        says: 'what is wrong with them, as file:line:column',
      },
      {
        command: 'sluice mapping run mappings/*.tpl --graph g.json --root h1',
        says: 'what comes of one root',
      },
      { command: 'sluice mapping test cases/', says: 'whether they still do what you expect' },
    ],
  )
    .addCommand(tryCommand(run))
    .addCommand(checkCommand(run))
    .addCommand(runCommand(run))
    .addCommand(testCommand(run))
    .addCommand(formatCommand(run))
    .addCommand(graphCommand(run))
    .addCommand(diffCommand(run))
}

function tryCommand(run: Runner): Command {
  const command = describedCommand(
    'try',
    'Show the first rows of the files of a source as they are, and what its mappings make of them: shaped values, rows that a filter leaves out, rows that are rejected.',
    [
      { command: 'sluice mapping try hr', says: 'five rows of each mapping' },
      { command: 'sluice mapping try ad --mapping Account --rows 20 --json', says: 'of one, for scripts' },
      {
        command: 'sluice mapping try shop --proposal mapping.yaml',
        says: 'what a mapping would make that is not in the configuration; a connector reads the first rows',
      },
      {
        command: 'sluice mapping try hr --agent',
        says: 'from afar: by the agent that delivers it, where its configuration permits that',
      },
    ],
  )
    .argument('<SOURCE>', 'name of the source; its files are read where they lie')
    .option('--rows <N>', 'so many rows of each mapping', numberOfRows, 5)
    .option('--mapping <NAME>', 'only this mapping: the name of its entity type or association')
    .addOption(
      new Option(
        '--changes',
        'rows of the files of changes, where these lie in a folder of their own',
      ).conflicts(['agent', 'proposal']),
    )
    .addOption(
      new Option(
        '--proposal <FILE>',
        'a mapping to be tried in place of those that there are: YAML with this source and one entity mapping, as in sluice.yaml',
      ).conflicts('mapping'),
    )
    .option(
      '--agent [HOST]',
      'through the server, by the agent that delivers it; its machine or id, where several do. At most 20 rows of one mapping',
    )
    .addOption(new Option('--csv', 'print a line for each value as CSV').conflicts('json'))
    .option('--json', 'print the rows as one JSON array')
  return command.action((source: string) =>
    run(
      () => import('../actions/try-mappings.ts'),
      ({ tryRows }, context) => tryRows(context, source, command.optsWithGlobals<TryFlags>()),
    ),
  )
}

function numberOfRows(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 to 999999.')
  return Number(text)
}

function withFiles(command: Command): Command {
  return command.argument(
    '<FILES...>',
    'modules, in the order in which they are loaded; a folder means all its .tpl files',
  )
}

function checkCommand(run: Runner): Command {
  const command = withRules(
    withFiles(
      describedCommand(
        'check',
        'Check modules: their grammar, their names, and what they say of one another.',
        [
          { command: 'sluice mapping check mappings/', says: 'exit status 1 when there are errors' },
          {
            command: 'sluice mapping check a.tpl --cdm classes.json --json',
            says: 'against a class model, for scripts',
          },
        ],
      ),
    ),
  )
    .option(
      '--graph <FILE>',
      'a graph (JSON, or a folder of JSON Lines) whose kinds, attributes and relationships are all there are',
    )
    .option('--json', 'print the diagnostics as one JSON array')
  return command.action((files: readonly string[]) =>
    run(work, ({ check }, context) => check(context, files, command.optsWithGlobals<CheckFlags>())),
  )
}

function runCommand(run: Runner): Command {
  const command = withRules(
    withFiles(
      describedCommand(
        'run',
        'Show the configuration items and relationships that come of one root of a graph.',
        [
          {
            command: 'sluice mapping run a.tpl --graph g.json --root h1 --json',
            says: 'as one JSON document',
          },
          {
            command: 'sluice mapping run a.tpl --graph g.json --root h1 --trace',
            says: 'with every step, in order',
          },
        ],
      ),
    ),
  )
    .requiredOption(
      '--graph <PATH>',
      'nodes and relationships (JSON); or a folder with nodes.jsonl and relationships.jsonl',
    )
    .requiredOption('--root <ID>', 'id of the node that is synchronized')
    .option('--dm <NUMBER>', 'data model in effect, 0 to 6', dataModel, 6)
    .option('--external <KEY...>', 'keys of configuration items that other roots have made')
    .option('--trace', 'say every step on standard error')
    .option('--json', 'print the result as one JSON document')
  return command.action((files: readonly string[]) =>
    run(work, ({ runRoot }, context) => runRoot(context, files, command.optsWithGlobals<RunFlags>())),
  )
}

function dataModel(text: string): number {
  if (!/^[0-6]$/.test(text)) throw new InvalidArgumentError('It must be a number from 0 to 6.')
  return Number(text)
}

function testCommand(run: Runner): Command {
  const command = describedCommand(
    'test',
    'Run cases: JSON files with modules, a graph, a root and what is expected of it.',
    [
      { command: 'sluice mapping test cases/', says: 'a line for each; exit status 1 when one fails' },
      { command: 'sluice mapping test cases/ --json', says: 'for scripts' },
    ],
  )
    .argument('<FOLDER>', 'folder of cases, or one case')
    .option(
      '--cdm <FILE>',
      'class model for cases without one; when not given, default-class-model.json of the folder, or the model of the project',
    )
    .option('--json', 'print the outcomes as one JSON array')
  return command.action((folder: string) =>
    run(work, ({ test }, context) => test(context, folder, command.optsWithGlobals<CheckFlags>())),
  )
}

function formatCommand(run: Runner): Command {
  const command = withFiles(
    describedCommand(
      'format',
      'Print modules in the one style there is. What they mean stays the same; one that cannot be read is left as it is.',
      [
        { command: 'sluice mapping format mappings/', says: 'writes the files that change, and names them' },
        {
          command: 'sluice mapping format mappings/ --check',
          says: 'writes nothing; exit status 1 when one would change or cannot be read',
        },
      ],
    ),
  )
    .addOption(new Option('--check', 'write nothing; say which files would change').conflicts('write'))
    .option('--write', 'has no effect; known from other formatters')
  return command.action((files: readonly string[]) =>
    run(work, ({ format }, context) => format(context, files, command.optsWithGlobals<FormatFlags>())),
  )
}

function graphCommand(run: Runner): Command {
  const command = withFormatOptions(
    withFiles(
      describedCommand(
        'graph',
        'Draw what each mapping looks at, which targets it declares where, and how these are related.',
        [
          { command: 'sluice mapping graph mappings/ --out mappings.svg', says: 'as a picture' },
          { command: 'sluice mapping graph a.tpl --format mermaid', says: 'for a page of documentation' },
        ],
      ),
    ),
    ['svg', 'dot', 'mermaid', 'json'],
  )
  return command.action((files: readonly string[]) =>
    run(
      () => import('../actions/draw-mappings.ts'),
      ({ draw }, context) => draw(context, files, command.optsWithGlobals<DrawFlags>()),
    ),
  )
}

function diffCommand(run: Runner): Command {
  const command = withFiles(
    describedCommand(
      'diff',
      'Show how mappings differ from those that they override; useful when a new version of the overridden ones arrives.',
      [
        { command: 'sluice mapping diff mappings/', says: 'of every mapping that is overridden' },
        {
          command: 'sluice mapping diff mappings/ --mapping CMDB.Host.Host_ComputerSystem --json',
          says: 'of one, for scripts',
        },
      ],
    ),
  )
    .option('--mapping <NAME>', 'only this mapping, overriding or overridden: MODULE.MAPPING, or MAPPING')
    .option('--json', 'print the differences as one JSON array')
  return command.action((files: readonly string[]) =>
    run(diffWork, ({ diff }, context) => diff(context, files, command.optsWithGlobals<DiffFlags>())),
  )
}
