/**
 * `sluice init`: a small project that runs as it is.
 *
 * @module
 */
import { relative, resolve } from 'node:path'
import { initProject } from '@sluice/project'
import type { Context } from '../context.ts'
import { exitStatus } from '../exit-status.ts'

export async function init(context: Context, folder: string) {
  const path = resolve(context.workingFolder, folder)
  const { written, next } = await initProject(path)
  const { colors } = context.out
  const near = relative(context.workingFolder, path)
  const shown = near.startsWith('..') ? path : near
  await context.out.line(`Wrote a project${shown === '' ? '' : ` to ${shown}`}:`)
  for (const file of written) await context.out.line(`  ${file}`)
  const steps = shown === '' ? next : [`cd ${shown}`, ...next]
  await context.out.line(
    `\nNext:\n${steps.map((step) => `  ${colors.cyan(context.out.hint(step))}`).join('\n')}`,
  )
  return exitStatus.done
}
