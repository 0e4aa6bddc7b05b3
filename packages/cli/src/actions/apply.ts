/**
 * `sluice apply`: what `sluice plan --out` has shown, or nothing.
 *
 * @module
 */
import { resolve } from 'node:path'
import { readPlanFile } from '@sluice/project'
import { type Context, type GlobalOptions, projectOf } from '../context.ts'
import type { ExitStatus } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import { eachSource } from './each-source.ts'
import { finished } from './sync.ts'

export interface ApplyFlags extends GlobalOptions {
  readonly force?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

export async function apply(context: Context, file: string, flags: ApplyFlags): Promise<ExitStatus> {
  const plan = await readPlanFile(resolve(context.workingFolder, file))
  await using project = await projectOf(context, flags)
  const called = await calledInProject(context, flags, project)
  return await eachSource(
    context,
    [plan.source],
    { ...flags, called },
    async (_source, { onProgress, signal, clear }) => {
      const report = await project.apply(plan, { force: flags.force, onProgress, signal })
      clear()
      return await finished(context, project, report, flags)
    },
  )
}
