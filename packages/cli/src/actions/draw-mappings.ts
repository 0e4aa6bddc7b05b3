/**
 * `sluice mapping graph`: syncmappings as a picture.
 *
 * @module
 */
import { compile, drawMappings, hasErrors } from '@sluice/syncmapping'
import type { Context, GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { type FormatFlags, formatOf } from '../graph-options.ts'
import { formatDiagnostic } from '../output/diagnostic.ts'
import { moduleFiles } from './mapping-files.ts'
import { writeGraph } from './write-graph.ts'

export interface DrawFlags extends GlobalOptions, FormatFlags {}

/** Of modules with errors nothing is drawn: half of them would look like all there is. */
export async function draw(
  context: Context,
  paths: readonly string[],
  flags: DrawFlags,
): Promise<ExitStatus> {
  const { program, diagnostics } = compile(await moduleFiles(context, paths))
  if (hasErrors(diagnostics)) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    for (const one of errors) await context.err.line(formatDiagnostic(one, context.err.colors))
    return exitStatus.failed
  }
  const drawing = drawMappings(program)
  await writeGraph(context, flags, formatOf(flags, 'svg'), { document: drawing, drawing: () => drawing })
  return exitStatus.done
}
