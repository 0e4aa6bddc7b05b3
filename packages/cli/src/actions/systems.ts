/**
 * `sluice source check` and `discover`: the managed system of a source, as its connector sees it.
 *
 * @module
 */
import { printable } from '@sluice/model'
import { type Checked, checkSource, suggestSource } from '@sluice/project'
import { type Context, type GlobalOptions, jobsOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatTable } from '../output/table.ts'
import { projectPath } from '../project-path.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { FailedCheckError } from './failed-check-error.ts'
import { writeNamedFile } from './write-named-file.ts'

export interface CheckSystemFlags extends GlobalOptions {
  readonly json?: boolean
  /** Through the server; `true`: by the only one that delivers the source. */
  readonly agent?: string | true
}

export interface DiscoverFlags extends GlobalOptions {
  readonly out?: string
}

export async function checkSystem(
  context: Context,
  source: string,
  flags: CheckSystemFlags,
): Promise<ExitStatus> {
  const { out } = context
  const { facts, warnings } =
    flags.agent === undefined
      ? await checkedHere(context, source, flags)
      : await checkedThere(context, source, flags)
  if (flags.json === true) {
    await out.line(JSON.stringify({ source, facts, warnings }, undefined, 2))
    return exitStatus.done
  }
  await writeChecked(context, { facts, warnings })
  return exitStatus.done
}

function checkedHere(context: Context, source: string, flags: CheckSystemFlags): Promise<Checked> {
  const { environment, signal } = context
  return checkSource(projectPath(context, flags), source, { environment, signal })
}

async function checkedThere(context: Context, source: string, flags: CheckSystemFlags): Promise<Checked> {
  await using jobs = await jobsOf(context, flags)
  if (jobs.checkSource === undefined)
    throw new WrongUsageError('There is no server here that an agent asks.', `sluice source check ${source}`)
  const agent = flags.agent === true ? undefined : flags.agent
  const found = await jobs.checkSource(source, { agent, signal: context.signal })
  if (found.answer === null || found.answer.error !== null) throw new FailedCheckError(found)
  return found.answer
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
