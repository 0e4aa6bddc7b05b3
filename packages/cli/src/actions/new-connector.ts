/**
 * `sluice connector new`: a connector of the project, with tests that run at once.
 *
 * @module
 */
import { dirname } from 'node:path'
import { printable } from '@sluice/model'
import { writeNewConnector } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { projectPath } from '../project-path.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

export interface NewConnectorFlags extends GlobalOptions {
  readonly code?: boolean
}

export async function newConnector(
  context: Context,
  name: string,
  flags: NewConnectorFlags,
): Promise<ExitStatus> {
  const { out } = context
  if (!/^[a-z][a-z0-9-]{0,49}$/.test(name))
    throw new WrongUsageError(
      `"${printable(name)}" is no name of a connector.`,
      'Choose one of small letters, digits and dashes, such as crm.',
    )
  const path = projectPath(context, flags)
  const project = flags.config === undefined ? path : dirname(path)
  const written = await writeNewConnector(project, { name, code: flags.code === true })
  if (written === undefined)
    throw new WrongUsageError(`There is a folder connectors/${name} already.`, 'Choose another name.')
  const { folder, files } = written
  await out.line(`Wrote ${folder}:`)
  for (const file of files) await out.line(`  ${file}`)
  const steps = [
    `node --test ${folder}/contract.test.mjs`,
    out.hint(`sluice source add ./${folder} --name ${name}`),
  ]
  await out.line(`\nNext:\n${steps.map((step) => `  ${out.colors.cyan(step)}`).join('\n')}`)
  return exitStatus.done
}
