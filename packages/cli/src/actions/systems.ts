/**
 * `sluice source check` and `discover`: the managed system of a source, as its connector sees it.
 *
 * @module
 */
import { printable } from '@sluice/model'
import { type Checked, checkSource, suggestSource } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatTable } from '../output/table.ts'
import { projectPath } from '../project-path.ts'
import { writeNamedFile } from './write-named-file.ts'

export interface CheckSystemFlags extends GlobalOptions {
  readonly json?: boolean
}

export interface DiscoverFlags extends GlobalOptions {
  readonly out?: string
}

export async function checkSystem(
  context: Context,
  source: string,
  flags: CheckSystemFlags,
): Promise<ExitStatus> {
  const { out, environment, signal } = context
  const { facts, warnings } = await checkSource(projectPath(context, flags), source, { environment, signal })
  if (flags.json === true) {
    await out.line(JSON.stringify({ source, facts, warnings }, undefined, 2))
    return exitStatus.done
  }
  await writeChecked(context, { facts, warnings })
  return exitStatus.done
}

/** What is visible, for people. */
export async function writeChecked(
  { out }: Pick<Context, 'out'>,
  { facts, warnings }: Pick<Checked, 'facts' | 'warnings'>,
): Promise<void> {
  const rows = Object.entries(facts).map(([name, value]) => [printable(name), printable(value)])
  const [, ...lines] = formatTable([{ title: '' }, { title: '' }], rows, { width: out.width })
  for (const line of lines) await out.line(line)
  for (const warning of warnings) await out.line(`${out.colors.yellow('warning')} ${printable(warning)}`)
}

export async function discover(context: Context, source: string, flags: DiscoverFlags): Promise<ExitStatus> {
  const { environment, signal } = context
  const text = await suggestSource(projectPath(context, flags), source, { environment, signal })
  if (flags.out === undefined) await context.out.write(text.split('\n').map(printable).join('\n'))
  else await writeNamedFile(context, flags.out, text)
  return exitStatus.done
}
