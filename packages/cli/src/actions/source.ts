/**
 * `sluice source grant` and `revoke`: which role of the database may fill the tables of a source.
 *
 * They work on the repository itself, whatever server is named: a server gives no rights to its database away.
 *
 * @module
 */
import type { LocalProject, SharedTable } from '@sluice/project'
import { type Context, type GlobalOptions, localProjectOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'

export interface SourceFlags extends GlobalOptions {
  readonly json?: boolean
}

export async function grant(
  context: Context,
  source: string,
  role: string,
  flags: SourceFlags,
): Promise<ExitStatus> {
  return await change(context, flags, `Role ${role} can now fill`, (project) =>
    project.grantSource(source, role),
  )
}

export async function revoke(
  context: Context,
  source: string,
  role: string,
  flags: SourceFlags,
): Promise<ExitStatus> {
  return await change(context, flags, `Role ${role} can no longer write`, (project) =>
    project.repository.revokeSource(source, role),
  )
}

async function change(
  context: Context,
  flags: SourceFlags,
  says: string,
  work: (project: LocalProject) => Promise<readonly SharedTable[]>,
): Promise<ExitStatus> {
  await using project = await localProjectOf(context, flags)
  const tables = await work(project)
  if (flags.json === true) await context.out.line(JSON.stringify(tables, undefined, 2))
  else for (const { schema, table } of tables) await context.out.line(`${says} ${schema}.${table}`)
  return exitStatus.done
}
