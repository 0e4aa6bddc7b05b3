/**
 * The project that a command works on.
 *
 * @module
 */
import { join, resolve } from 'node:path'
import { findProject, projectFile } from './find-project.ts'
import { WrongUsageError } from './wrong-usage-error.ts'

interface ProjectOptions {
  readonly project?: string | undefined
  readonly config?: string | undefined
}

/** The configuration file, or the project's folder; a project that is not named is searched upwards. */
export function projectPath(
  { workingFolder }: { readonly workingFolder: string },
  { project, config }: ProjectOptions,
): string {
  if (project === undefined && config === undefined) return projectAbove(workingFolder)
  const folder = resolve(workingFolder, project ?? '.')
  return config === undefined ? folder : resolve(folder, config)
}

function projectAbove(workingFolder: string): string {
  const { folder, ofAnother } = findProject(workingFolder)
  if (!ofAnother) return folder
  const file = join(folder, projectFile)
  throw new WrongUsageError(
    `${file} belongs to another user. For safety it is used only when it is named.`,
    `If you trust it: sluice -C ${folder} …`,
  )
}
