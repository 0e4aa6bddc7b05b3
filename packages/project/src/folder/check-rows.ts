/**
 * Looks at the first rows of every mapped file, as a run would: read by the code that prepares deliveries, typed by the engine, in a
 * repository that is gone afterwards.
 *
 * @module
 */
import { join } from 'node:path'
import { prepareSource } from '@sluice/agent'
import { readLines, TemporaryFolder } from '@sluice/files'
import { openSynchronizer, type Synchronizer } from '@sluice/inbox'
import {
  type Configuration,
  type Finding,
  findingCodes,
  type OnProgress,
  type RejectedRow,
  type RunReport,
  SluiceError,
  type Source,
} from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import { longestRejection, preparedRejectionSchema } from '@sluice/protocol'
import { openRepository } from '@sluice/repository'
import { display } from './display-path.ts'
import { excuseOf, finding } from './file-findings.ts'
import type { LoadedConfiguration } from './load-configuration.ts'

/** Of each file. */
const rowsLookedAt = 1000
/** Rejected rows of a graph, as many as are shown of any other source. */
const shownOfEach = 10

export interface CheckRowsOptions {
  readonly placeOf: LoadedConfiguration['placeOf']
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** The first rows of each source that would be rejected, and how many more there are. */
export async function checkRows(
  configuration: Configuration,
  sources: readonly Source[],
  options: CheckRowsOptions,
): Promise<readonly Finding[]> {
  await using temporary = new TemporaryFolder('sluice-check-')
  const scratch = await temporary.path()
  await using repository = await openRepository({ kind: 'folder', path: join(scratch, 'repository') })
  await repository.evolve(configuration)
  const synchronizer = openSynchronizer({ repository, configuration })
  const findings: Finding[] = []
  for (const source of sources) {
    options.signal?.throwIfAborted()
    findings.push(
      ...(await checkSource(source, {
        configuration,
        synchronizer,
        folder: join(scratch, source.name),
        options,
      })),
    )
  }
  return findings
}

interface Looking {
  readonly configuration: Configuration
  readonly synchronizer: Synchronizer
  readonly folder: string
  readonly options: CheckRowsOptions
}

async function checkSource(source: Source, { configuration, synchronizer, folder, options }: Looking) {
  const { placeOf, onProgress, signal } = options
  const { model, prepare: settings } = configuration
  try {
    const prepared = await prepareSource({
      source,
      model,
      mode: 'initial',
      folder,
      settings,
      mostRows: rowsLookedAt,
      onProgress,
      signal,
    })
    if (source.graph !== undefined) return await unreadFindings(source, prepared)
    const plan = await synchronizer.plan(source.name, 'initial', prepared, { sample: 1, onProgress, signal })
    return rejectedFindings(source, plan)
  } catch (error) {
    if (!(error instanceof SluiceError) || signal?.aborted === true) throw error
    const { message, remedy } = error
    const of = { remedy, ...excuseOf(source, configuration) }
    return [finding(findingCodes.sourceFile, placeOf(['sources', source.name], 'key'), message, of)]
  }
}

function rejectedFindings(
  source: Source,
  { rejected, report }: { readonly rejected: readonly RejectedRow[]; readonly report: RunReport },
): readonly Finding[] {
  const shown = rejected.map((row) => rejectedFinding(source, row))
  return withMore(source, shown, countRejected(report))
}

function withMore(source: Source, shown: readonly Finding[], all: number): readonly Finding[] {
  const last = shown.at(-1)
  const more = all - shown.length
  if (last === undefined || more <= 0) return shown
  const message = `${more} more of the first ${rowsLookedAt} rows of each file of ${source.name} would be rejected.`
  return [...shown, finding(findingCodes.rejectedRow, { file: last.file }, message, { severity: 'warning' })]
}

/** Of a graph what could not be read: what its roots give depends on nodes that are not among the first. */
async function unreadFindings(
  source: Source,
  { folder, manifest: { rejections } }: Prepared,
): Promise<readonly Finding[]> {
  if (rejections === undefined) return []
  const found = new Map<string, Finding>()
  const tooLong = (line: number) => new Error(`Line ${line} of ${rejections.name} is longer than any row.`)
  for await (const text of readLines(join(folder, rejections.name), { longest: longestRejection, tooLong })) {
    const { mapping, file, line, column, reason } = preparedRejectionSchema.parse(JSON.parse(text))
    // What is neither a node nor a relationship stands among both.
    const place = `${file}:${line}`
    if (found.has(place)) continue
    found.set(place, rejectedFinding(source, { mapping, file, line, key: null, column, value: null, reason }))
  }
  return withMore(source, [...found.values()].slice(0, shownOfEach), found.size)
}

function countRejected({ entities, associations }: RunReport): number {
  return [...entities, ...associations].reduce((sum, { rows }) => sum + (rows?.rejected ?? 0), 0)
}

/** `data/people.csv:17: Person "P-12" would be rejected: hired "31.02.2024": not a date.` */
function rejectedFinding(
  { folder }: Source,
  { mapping, file, line, key, column, value, reason }: RejectedRow,
): Finding {
  const place = { file: display(join(folder, file)), ...(line === null ? {} : { line }) }
  const who = key === null ? `A row of ${mapping}` : `${mapping} ${JSON.stringify(key)}`
  const held = value === null ? '' : ` ${JSON.stringify(value.slice(0, 100))}`
  const what = column === null ? '' : `${column}${held}: `
  return finding(findingCodes.rejectedRow, place, `${who} would be rejected: ${what}${reason}.`, {
    severity: 'warning',
  })
}
