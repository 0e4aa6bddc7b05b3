/**
 * How `sluice run` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { RunFlags } from '../actions/run.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/run.ts')

export function runCommand(run: Runner): Command {
  const command = describedCommand(
    'run',
    'Run a job: its steps, one after the other. Without a name, list the jobs.',
    [
      { command: 'sluice run', says: 'which jobs there are, their steps, and when they start next' },
      { command: 'sluice run nightly', says: 'all steps now' },
      { command: 'sluice run nightly --from deliver-dc', says: 'go on from a step' },
      { command: 'sluice run nightly --only 2', says: 'the second step alone' },
    ],
  )
    .argument('[JOB]', 'name of a job')
    .option('--from <STEP>', 'begin with this step, by its name or number')
    .option('--to <STEP>', 'end with this step')
    .option('--only <STEP>', 'this step alone')
    .option('--force', 'apply even what exceeds a threshold')
    .option('--json', 'print one JSON document and nothing else')
    .option('-q, --quiet', 'no progress, and nothing that needs no attention')
  return command.action((name: string | undefined) =>
    run(work, ({ listJobs, carryOut }, context) => {
      const flags = command.optsWithGlobals<RunFlags>()
      return name === undefined ? listJobs(context, flags) : carryOut(context, name, flags)
    }),
  )
}
