/**
 * Prepares texts as if they were source files, for tests: what goes in and out is plain to see.
 *
 * @module
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { locateTables } from '@sluice/connectors'
import type {
  AssociationMapping,
  Cardinality,
  EntityMapping,
  EntityModel,
  FileFormat,
  GraphInput,
  PrepareSettings,
  Source,
} from '@sluice/model'
import { manifestSchema, type PreparedRejection, preparedRejectionSchema } from '@sluice/protocol'
import { type PrepareRequest, prepare } from '../src/prepare.ts'

export const plainFormat: FileFormat = { skipLines: 0, quotedLineBreaks: 'check', shortRows: 'reject' }

export const settings: PrepareSettings = { memoryLimit: 256 * 1024 * 1024, maximumFieldSize: 1 << 20 }

const free = {}

/** A mapping of the columns to properties of the same names; the first is the key. */
export function entity(columns: readonly string[], parts: Partial<EntityMapping> = {}): EntityMapping {
  return {
    name: 'Person',
    entityType: 'Person',
    file: 'people.csv',
    format: plainFormat,
    key: columns[0] ?? '',
    properties: columns.map((column) => ({ property: column, column })),
    thresholds: free,
    ...parts,
  }
}

export function association(
  from: string,
  to: string,
  parts: Partial<AssociationMapping> = {},
): AssociationMapping {
  return {
    name: 'member',
    association: 'member',
    file: 'members.csv',
    format: plainFormat,
    from: { column: from, by: 'id' },
    to: { column: to, by: 'id' },
    properties: [],
    thresholds: free,
    ...parts,
  }
}

export interface Case {
  /** Contents by path. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  readonly entities?: readonly EntityMapping[]
  readonly associations?: readonly AssociationMapping[]
  /** In place of mappings. */
  readonly inputs?: readonly GraphInput[]
  readonly cardinality?: Cardinality
  /** When it is not given, every text is a value. */
  readonly model?: EntityModel
  readonly settings?: Partial<PrepareSettings>
  readonly request?: Partial<PrepareRequest>
  /** How many rows an export says that each file has. */
  readonly exportedRows?: Readonly<Record<string, number>>
}

/** A folder that is gone with its variable. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-agent-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export async function writeFiles(folder: string, files: Case['files']): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    if (!name.endsWith('/')) await writeFile(path, content)
  }
}

export function model(cardinality: Cardinality): EntityModel {
  const member = { name: 'member', from: 'Person', to: 'Person', cardinality, properties: [] }
  return { entityTypes: new Map(), associations: new Map([['member', member]]) }
}

export function sourceOf(
  folder: string,
  { entities = [], associations = [], inputs }: Partial<Case>,
): Source {
  const graph = inputs && { inputs, modules: [], dataModel: 6, key: 'SyncKey', options: {} }
  return { name: 'hr', folder, mode: 'auto', entities, associations, thresholds: free, graph }
}

/** Prepares the case; the text of every file written, the rejections decoded, the manifest checked. */
export async function prepareText(given: Case) {
  await using folder = await temporaryFolder()
  const exported = join(folder.path, 'export')
  await mkdir(exported)
  await writeFiles(exported, given.files)
  const out = join(folder.path, 'prepared')
  const source = sourceOf(exported, given)
  const { manifest } = await prepare({
    source,
    exported: { tables: await locateTables(source), rows: given.exportedRows },
    model: given.model ?? model(given.cardinality ?? 'many-to-many'),
    mode: 'complete',
    folder: out,
    settings: { ...settings, ...given.settings },
    ...given.request,
  })
  const files: Record<string, string> = {}
  for (const name of (await readdir(out)).sort()) files[name] = await readFile(join(out, name), 'utf8')
  const rejected: PreparedRejection[] = (files['rejected.jsonl'] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => preparedRejectionSchema.parse(JSON.parse(line)))
  return { files, rejected, manifest: manifestSchema.parse(manifest) }
}

/** The files of one mapping and its rejections in short, for comparing at a glance. */
export async function prepareOne(
  text: string | Uint8Array,
  columns: readonly string[],
  parts: Partial<EntityMapping> = {},
) {
  const found = await prepareText({ files: { 'people.csv': text }, entities: [entity(columns, parts)] })
  return {
    sorted: found.files['Person.sorted.csv'],
    duplicates: found.files['Person.duplicates.csv'],
    nullpk: found.files['Person.nullpk.csv'],
    rejected: found.rejected.map(({ line, reason }) => `${line}: ${reason}`),
    rejections: found.rejected,
    notes: found.manifest.notes,
    counts: found.manifest.files[0],
  }
}
