/**
 * Checks that the files of a graph are there, that it is known how they are written, and that tables have their columns.
 *
 * @module
 */
import { inspectTable } from '@sluice/agent'
import { locateSourceFiles } from '@sluice/connectors'
import {
  type Configuration,
  columnsOfGraphTable,
  type Finding,
  findingCodes,
  formOfFile,
  type GraphDocument,
  type GraphInput,
  type GraphSource,
  type NodeTable,
  type Place,
  type RelationshipTable,
  SluiceError,
  type Source,
} from '@sluice/model'
import { GraphFormError } from '@sluice/prepare'
import { checkColumn, excuseOf, finding } from './file-findings.ts'
import type { LoadedConfiguration } from './load-configuration.ts'

interface Context extends Pick<LoadedConfiguration, 'placeOf'> {
  readonly configuration: Configuration
}

export async function checkGraphFiles(
  source: Source,
  { inputs }: GraphSource,
  context: Context,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const [index, input] of inputs.entries()) {
    const place = context.placeOf(['sources', source.name, 'graph', 'files', index, keyOf(input)])
    findings.push(
      ...(input.type === 'document'
        ? await checkDocument(source, input, place, context)
        : await checkTable(source, input, place, context)),
    )
  }
  return findings
}

/** Under which the file is named. */
function keyOf(input: GraphInput): string {
  if (input.type === 'document') return 'file'
  if (input.type === 'relationships') return 'relationships'
  return input.isQualified ? 'table' : 'nodes'
}

async function checkDocument(
  source: Source,
  { file, several, form }: GraphDocument,
  place: Place,
  { configuration }: Context,
): Promise<readonly Finding[]> {
  try {
    const parts = await locateSourceFiles(source.folder, { file, several })
    const unknown = form === undefined ? parts.find(({ name }) => formOfFile(name) === undefined) : undefined
    if (unknown === undefined) return []
    const { message, remedy } = new GraphFormError(unknown.name)
    return [finding(findingCodes.sourceFile, place, message, { remedy })]
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return [unreadable(error, source, place, configuration)]
  }
}

async function checkTable(
  source: Source,
  input: NodeTable | RelationshipTable,
  place: Place,
  { configuration }: Context,
): Promise<readonly Finding[]> {
  const wanted = columnsOfGraphTable(input)
  const inspection = await inspectTable(source, input, { mapped: wanted })
  if (inspection.kind === 'unreadable') return [unreadable(inspection.error, source, place, configuration)]
  return wanted.flatMap((column) => checkColumn(inspection.file, inspection.columns, column, place))
}

function unreadable(
  { message, remedy }: SluiceError,
  source: Source,
  place: Place,
  configuration: Configuration,
): Finding {
  return finding(findingCodes.sourceFile, place, message, { remedy, ...excuseOf(source, configuration) })
}
