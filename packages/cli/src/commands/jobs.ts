/**
 * How `sluice jobs` and the commands below it are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { JobsFlags } from '../actions/jobs.ts'
import { describedCommand, type Runner, withActionOfItsOwn } from '../command.ts'
import { withShapeOptions } from '../record-options.ts'

const work = () => import('../actions/jobs.ts')

export function jobsCommand(run: Runner): Command {
  const command = describedCommand(
    'jobs',
    'List the jobs with their next start and their last result; show results, start jobs, stop them.',
    [
      { command: 'sluice jobs', says: 'every job: when it begins next, whether it is at work, how it ended' },
      { command: 'sluice jobs results nightly', says: 'its results, newest first' },
      { command: 'sluice jobs start nightly --wait', says: 'now, by its agent' },
      { command: 'sluice jobs stop nightly', says: 'gives up what is not applied' },
    ],
  )
    .option('--csv', 'print all jobs as CSV')
    .option('--json', 'print all jobs as one JSON array')
  withActionOfItsOwn(command, run, () =>
    run(work, ({ list }, context) => list(context, command.optsWithGlobals<JobsFlags>())),
  )
  for (const made of [resultsCommand, showCommand, startCommand, stopCommand]) command.addCommand(made(run))
  return command
}

function resultsCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand('results', 'List the results of jobs: each execution and how it ended, newest first.', [
      { command: 'sluice jobs results', says: 'of all jobs' },
      { command: 'sluice jobs results nightly --limit 5', says: 'the last five of one' },
      { command: 'sluice jobs results --csv > results.csv', says: 'all that are kept' },
    ]).argument('[JOB]', 'name of a job; all when none is given'),
    'results',
  )
  return command.action((job: string | undefined) =>
    run(work, ({ results }, context) => results(context, job, command.optsWithGlobals<JobsFlags>())),
  )
}

function showCommand(run: Runner): Command {
  const command = describedCommand(
    'show',
    'Show one execution of a job: its steps, with runs, what was tried again, and errors.',
    [{ command: 'sluice jobs show 3f2a9c1e', says: 'by the first characters of its id' }],
  )
    .argument('<RESULT>', 'its id, or the beginning of it')
    .option('--json', 'print it as one JSON document')
  return command.action((id: string) =>
    run(work, ({ show }, context) => show(context, id, command.optsWithGlobals<JobsFlags>())),
  )
}

function startCommand(run: Runner): Command {
  const command = withAgent(
    describedCommand(
      'start',
      'Start a job: through a server by its agent, else here, as `sluice run` does.',
      [
        { command: 'sluice jobs start nightly', says: 'its agent begins it within seconds' },
        { command: 'sluice jobs start nightly --wait', says: 'and this waits until it has ended' },
      ],
    ),
  ).option('--wait', 'wait until the job has ended, and show its result')
  return command.action((job: string) =>
    run(work, ({ start }, context) => start(context, job, command.optsWithGlobals<JobsFlags>())),
  )
}

function stopCommand(run: Runner): Command {
  const command = withAgent(
    describedCommand(
      'stop',
      'Stop a job that is at work: the work in hand is given up, nothing of it is applied, and no other step begins.',
      [{ command: 'sluice jobs stop nightly --wait', says: 'until it has ended' }],
    ),
  ).option('--wait', 'wait until the job has ended, and show its result')
  return command.action((job: string) =>
    run(work, ({ stop }, context) => stop(context, job, command.optsWithGlobals<JobsFlags>())),
  )
}

function withAgent(command: Command): Command {
  return command
    .argument('<JOB>', 'name of a job')
    .option('--agent <HOST>', 'machine or id of the agent, where several have a job of this name')
    .option('--json', 'print it as one JSON document')
}
