/**
 * What writes the files of a source: a program, or a connector.
 *
 * @module
 */
import type { ConnectorExport, ExportProgram } from '../source/source.ts'
import { millisecondsOf } from './common-schema.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import type { ExportContext } from './export-context.ts'
import { fillIn } from './fill-in.ts'
import { resolveConnector } from './resolve-connector.ts'
import type { SourceInput } from './source-schema.ts'

export function resolveExport(
  source: Definition<SourceInput>,
  context: ExportContext,
): ExportProgram | ConnectorExport | undefined {
  const { workingFolder, environment, findings } = context
  const input = source.value.export
  if (input === undefined) return undefined
  if ('connector' in input) return resolveConnector(source, input, context)
  const variables = Object.keys(input.environment ?? {}).flatMap((name) => {
    const path = ['export', 'environment', name]
    const value = fillIn(textIn(source, path), {
      place: () => placeIn(source, path),
      environment,
      findings,
      // A server knows the same sources and exports none of them.
      severity: 'warning',
      remedy: 'Set it on the machine where the export runs.',
    })
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    command: resolveCommand(source, input.command),
    workingFolder,
    environment: Object.fromEntries(variables),
    timeout: millisecondsOf(input.timeout ?? '1h'),
    requireStatement: input.requireStatement ?? false,
  }
}

function resolveCommand(
  source: Definition<SourceInput>,
  written: string | readonly unknown[],
): ExportProgram['command'] {
  const path = ['export', 'command']
  if (typeof written === 'string') return [written]
  const [program = '', ...given] = written.map((_, index) => textIn(source, [...path, String(index)]))
  return [program, ...given]
}
