/**
 * How `sluice roots` and the commands below it are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { EvaluateFlags, RootsFlags, ShowRootFlags } from '../actions/roots.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withShapeOptions } from '../record-options.ts'

const work = () => import('../actions/roots.ts')

export function rootsCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand(
      'roots',
      'List the roots of a graph source: how many resources each makes, and why those that failed did.',
      [
        { command: 'sluice roots discovery --failed', says: 'what stopped them: file, line and column' },
        {
          command: 'sluice roots show discovery h1',
          says: 'what one makes, and with which others it shares that',
        },
        { command: 'sluice roots evaluate discovery --failed', says: 'try them again, without an export' },
      ],
    ).argument('<SOURCE>', 'name of a source that is a graph'),
    'roots',
  )
    .option('--failed', 'only those that failed the last time that they were evaluated')
    .option('--kind <KIND>', 'only those of this kind')
  command.action((source: string) =>
    run(work, ({ list }, context) => list(context, source, command.optsWithGlobals<RootsFlags>())),
  )
  return command.addCommand(showCommand(run)).addCommand(evaluateCommand(run))
}

function showCommand(run: Runner): Command {
  const command = describedCommand(
    'show',
    'Show a root: the resources it makes, which other roots share them, and the part of the graph that it reaches.',
    [
      {
        command: 'sluice roots show discovery h1 --graph > h1.json',
        says: 'its part of the graph, for `sluice mapping run FILES --graph h1.json --root h1`',
      },
    ],
  )
    .argument('<SOURCE>', 'name of a source that is a graph')
    .argument('<ROOT>', 'name of its node')
    .option(
      '--graph',
      'print the part of the graph that it reaches, as `sluice mapping run --graph` reads it',
    )
    .option('--json', 'print all of it as one JSON document')
  return command.action((source: string, root: string) =>
    run(work, ({ show }, context) => show(context, source, root, command.optsWithGlobals<ShowRootFlags>())),
  )
}

function evaluateCommand(run: Runner): Command {
  const command = describedCommand(
    'evaluate',
    'Evaluate roots again on the stored graph, without an export: a run with thresholds and history like any other.',
    [
      {
        command: 'sluice roots evaluate discovery h1 --dry-run',
        says: 'what an edited mapping makes of one root',
      },
      {
        command: "sluice roots evaluate discovery --failed --reason 'mapping corrected'",
        says: 'all that failed',
      },
    ],
  )
    .argument('<SOURCE>', 'name of a source that is a graph')
    .argument('[ROOTS...]', 'names of nodes; or say --failed, --kind or --all')
    .option('--failed', 'those that failed the last time that they were evaluated')
    .option('--kind <KIND>', 'all of this kind; with --failed those of them')
    .option('--all', 'every root')
    .option('--reason <TEXT>', 'why, kept with the run')
    .option('--dry-run', 'say what would change; write nothing')
    .option('--force', 'apply it even where a threshold would hold it')
    .option('--json', 'print the report as one JSON document')
  return command.action((source: string, roots: readonly string[] = []) =>
    run(work, ({ evaluate }, context) =>
      evaluate(context, source, roots, command.optsWithGlobals<EvaluateFlags>()),
    ),
  )
}
