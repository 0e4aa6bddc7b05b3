/**
 * `sluice types`: the model as TypeScript.
 *
 * @module
 */
import { requireModel, typescriptOfModel } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import { projectPath } from '../project-path.ts'
import { writeNamedFile } from './write-named-file.ts'

export interface TypesFlags extends GlobalOptions {
  readonly out?: string
}

export async function types(context: Context, flags: TypesFlags) {
  const text = typescriptOfModel(await requireModel(projectPath(context, flags)))
  if (flags.out === undefined) await context.out.write(text)
  else await writeNamedFile(context, flags.out, text)
  return exitStatus.done
}
