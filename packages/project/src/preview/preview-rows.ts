/**
 * Shows the first rows of one file of a source, and what a mapping makes of them: that of the project, or one that somebody proposes. Nothing is
 * written anywhere, and no repository is opened.
 *
 * @module
 */
import { filesOfConnector, locateTable, sampleSystem } from '@sluice/connectors'
import { TemporaryFolder } from '@sluice/files'
import {
  type AssociationMapping,
  columnsOfAssociationMapping,
  columnsOfEntityMapping,
  type EntityMapping,
  type EntityModel,
  type Environment,
  hiddenColumns,
  isHiddenProperty,
  mappedTables,
  type PrepareSettings,
  type PreviewAnswer,
  type ProposalFinding,
  plainPath,
  type Source,
  switchedOn,
  withAllOn,
} from '@sluice/model'
import type { TryRequest } from '@sluice/prepare'
import { type ProjectPlace, readProjectFiles, requireConfiguration } from '../folder/load-configuration.ts'
import { orAborted } from '../jobs/or-aborted.ts'
import { UnknownSourceError } from '../open/project-errors.ts'
import { NoSuchMappingError, NothingToTryError } from '../open/try-mappings-errors.ts'
import { parseInProcess, tryInProcess } from './in-process.ts'
import { findingsAnswer, problemAnswer, proposalFindings, rowsAnswer } from './preview-answer.ts'
import { PreviewTooLongError } from './preview-errors.ts'

export interface PreviewOptions {
  /** What variables and secrets are taken from; nothing when absent. */
  readonly environment?: Environment | undefined
  readonly source: string
  /** A mapping of the source by its name; needed where there are several, and nothing is proposed. */
  readonly mapping?: string | undefined
  /** YAML: `sources:` with this source and one mapping, and `entityTypes:` where the model has none for it. */
  readonly proposal?: string | undefined
  readonly rows: number
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for reading what is proposed, and for carrying it out. */
  readonly time?: number | undefined
}

/** A mapping, with what it belongs to. */
interface Chosen {
  /** Names this mapping. */
  readonly source: Source
  readonly model: EntityModel
  readonly mapping: EntityMapping | AssociationMapping
  readonly findings: readonly ProposalFinding[]
}

interface Own {
  readonly source: Source
  readonly model: EntityModel
  readonly prepare: PrepareSettings
}

/** Milliseconds, within which whoever asks for rows hears why there are none: nobody waits for longer than a minute. */
const longest = 50_000

/** Throws what stands in the way; what is wrong with a proposal, or with a value, is said in the answer. */
export async function previewRows(of: ProjectPlace, options: PreviewOptions): Promise<PreviewAnswer> {
  const { signal } = options
  const late = AbortSignal.timeout(longest)
  const over = signal === undefined ? late : AbortSignal.any([signal, late])
  try {
    return await orAborted(rowsOf(of, { ...options, signal: over }), over)
  } catch (error) {
    signal?.throwIfAborted()
    throw late.aborted ? new PreviewTooLongError(longest) : error
  }
}

async function rowsOf(of: ProjectPlace, options: PreviewOptions): Promise<PreviewAnswer> {
  const { environment = {}, source: name, mapping, proposal } = options
  const { sources, model, prepare } = await requireConfiguration(of, { environment, stored: 'unknown' })
  const source = sources.get(name)
  if (source === undefined) throw new UnknownSourceError(name, [...sources.keys()])
  if (source.table === true || source.graph !== undefined) throw new NothingToTryError(name)
  const own = { source, model, prepare }
  const chosen =
    proposal === undefined ? configured(own, mapping) : await proposed(of, own, { ...options, proposal })
  if (!('mapping' in chosen)) return chosen.answer
  const request = requestOf(own, chosen)
  await using temporary = new TemporaryFolder('sluice-preview-')
  const parts = await partsOf(own.source, chosen, options, () => temporary.path())
  const tried = await tryInProcess(
    { kind: 'try', request: { ...request, parts, rows: options.rows } },
    options,
  )
  return 'problem' in tried
    ? problemAnswer(tried.problem)
    : rowsAnswer(chosen.mapping.name, tried.result, chosen.findings)
}

function configured({ source: all, model }: Own, name: string | undefined): Chosen {
  const source = name === undefined ? switchedOn(all) : withAllOn(all)
  const mappings = [...source.entities, ...source.associations]
  const [mapping, other] = name === undefined ? mappings : mappings.filter((one) => one.name === name)
  if (mapping === undefined || other !== undefined)
    throw new NoSuchMappingError(
      source.name,
      name,
      mappings.map((one) => one.name),
    )
  return { source, model, mapping, findings: [] }
}

async function proposed(
  of: ProjectPlace,
  { source, model }: Own,
  options: PreviewOptions & { readonly proposal: string },
): Promise<Chosen | { readonly answer: PreviewAnswer }> {
  const { environment = {}, signal } = options
  const byConnector = isByConnector(source)
    ? await filesOfConnector({ source, environment, signal })
    : mappedTables(source).map(({ file }) => file)
  const parsed = await parseInProcess(
    {
      kind: 'parse',
      text: options.proposal,
      files: await readProjectFiles(of),
      source: forProcess(source),
      model,
      readable: byConnector,
    },
    options,
  )
  if ('problem' in parsed) return { answer: problemAnswer(parsed.problem) }
  const findings = proposalFindings(parsed.result.findings)
  const { proposed: found } = parsed.result
  return found === undefined ? { answer: findingsAnswer(findings) } : { ...found, findings }
}

/** What is hidden is what either hides: the mappings that there are, and the one that is looked at. */
function requestOf(
  { source: own, model: ownModel, prepare }: Own,
  chosen: Chosen,
): Omit<TryRequest, 'parts' | 'rows'> {
  const { source, model, mapping } = chosen
  const columns = new Set([
    ...hiddenColumns(own, ownModel, mapping.file),
    ...hiddenColumns(source, model, mapping.file),
  ])
  const properties =
    'entityType' in mapping ? (model.entityTypes.get(mapping.entityType)?.properties ?? []) : []
  return {
    source: forProcess(source),
    model,
    mapping: mapping.name,
    settings: prepare,
    hidden: { columns, properties: properties.filter(isHiddenProperty).map(({ name }) => name) },
  }
}

/** What connects to its system concerns nobody there. */
function forProcess(source: Source): Source {
  return { ...source, export: undefined }
}

function isByConnector({ export: by }: Source): boolean {
  return by !== undefined && 'connector' in by
}

/** A connector writes the first rows; what a program has written, or what lies in a folder, is read where it is. */
async function partsOf(
  source: Source,
  { mapping }: Chosen,
  { environment = {}, rows, signal }: PreviewOptions,
  folder: () => Promise<string>,
): Promise<TryRequest['parts']> {
  const { file, several, format, name } = mapping
  if (!isByConnector(source)) return (await locateTable(source, { file, several })).parts
  const sample = await sampleSystem({
    source,
    environment,
    signal,
    file: plainPath(file),
    columns: 'entityType' in mapping ? columnsOfEntityMapping(mapping) : columnsOfAssociationMapping(mapping),
    format,
    mappings: [name],
    rows,
    folder: await folder(),
  })
  return sample.parts
}
