/**
 * `sluice check`: the configuration against itself and against the files it maps.
 *
 * @module
 */
import type { Finding } from '@sluice/model'
import { checkProject, checkProjectDeep } from '@sluice/project'
import { type Context, type GlobalOptions, serverOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import { formatFinding } from '../output/finding.ts'
import { ProgressLine } from '../output/progress-line.ts'
import { formatNumberOf } from '../output/quantities.ts'
import { projectPath } from '../project-path.ts'

export interface CheckOptions extends GlobalOptions {
  readonly json?: boolean
  readonly deep?: boolean
}

export async function check(context: Context, options: CheckOptions) {
  const { findings } = await (options.deep === true
    ? checkDeep(context, options)
    : checkProject(projectPath(context, options), { environment: context.environment }))
  const errors = findings.filter(({ severity }) => severity === 'error').length
  if (options.json === true) await context.out.line(JSON.stringify(findings, undefined, 2))
  else await printFindings(context, findings, errors)
  return errors === 0 ? exitStatus.done : exitStatus.failed
}

async function checkDeep(context: Context, options: CheckOptions) {
  const progress = new ProgressLine(context.err)
  try {
    return await checkProjectDeep(projectPath(context, options), {
      ...serverOf(context, options),
      signal: context.signal,
      onProgress: (step) => {
        if (options.json !== true) progress.show(step)
      },
    })
  } finally {
    progress.clear()
  }
}

async function printFindings({ out }: Context, findings: readonly Finding[], errors: number) {
  for (const finding of findings) await out.line(formatFinding(finding, out.colors, out.hint))
  const warnings = formatNumberOf(findings.filter(({ severity }) => severity === 'warning').length, 'warning')
  const gap = findings.length > 0 ? '\n' : ''
  if (errors > 0) await out.line(`${gap}${out.colors.red(formatNumberOf(errors, 'error'))}, ${warnings}.`)
  else await out.line(`${gap}${out.colors.green('No errors')}, ${warnings}.`)
}
