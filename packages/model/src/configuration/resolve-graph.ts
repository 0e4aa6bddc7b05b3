/**
 * The graph of a source: its modules and its files, with what was left out filled in.
 *
 * @module
 */
import type { Several } from '../source/file-pattern.ts'
import { bareKeyProperty, type GraphSource } from '../source/graph.ts'
import type {
  ColumnAttribute,
  ColumnIfThere,
  GraphEnd,
  GraphInput,
  NamedBy,
  NodeTable,
  RelationshipTable,
} from '../source/graph-input.ts'
import { plainPath } from '../source/mapped-tables.ts'
import type { FileFormat } from '../source/source.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { type FormatInput, resolveFormat, usualFormat } from './format-schema.ts'
import type { FoundModule, Syncmappings } from './graph-modules.ts'
import {
  type AttributesInput,
  type GraphSourceInput,
  type ModuleInput,
  moduleInputs,
  type NamedByInput,
} from './graph-schema.ts'
import { resolveFileChoice } from './resolve-dropped.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

const usualGraphKey = 'SyncKey'

export interface ResolvedGraph extends GraphSource {
  readonly modules: readonly FoundModule[]
}

interface Context {
  readonly source: Definition<SourceInput>
  readonly syncmappings: Syncmappings | undefined
  readonly findings: Findings
}

export function resolveGraph(context: Context, input: GraphSourceInput): ResolvedGraph {
  const { source } = context
  const options = Object.keys(input.options ?? {})
  return {
    inputs: resolveInputs(context, input.files),
    modules: findModules(context, input.modules),
    dataModel: input.dataModel ?? 6,
    key: input.key ?? usualGraphKey,
    options: Object.fromEntries(options.map((name) => [name, textIn(source, ['graph', 'options', name])])),
  }
}

/** A module that is named twice is loaded once, where it is named first. */
function findModules(
  { source, syncmappings, findings }: Context,
  written: GraphSourceInput['modules'],
): readonly FoundModule[] {
  const found = new Map<string, FoundModule>()
  for (const [index, one] of moduleInputs(written).entries()) {
    const path = typeof written === 'string' ? ['graph', 'modules'] : ['graph', 'modules', index]
    const modules =
      typeof one === 'string'
        ? (syncmappings?.find(source.file.path, one) ?? 'Modules cannot be read here.')
        : [moduleOfText(one, source.name)]
    if (typeof modules === 'string') {
      findings.add(findingCodes.unreadable, placeIn(source, path), modules, {
        remedy: 'Paths are relative to the file that names them; modules end in .tpl.',
      })
      continue
    }
    for (const module of modules) if (!found.has(module.path)) found.set(module.path, module)
  }
  return [...found.values()]
}

/** Where something is wrong with it, the source is named that holds its text. */
function moduleOfText({ file, text }: Exclude<ModuleInput, string>, source: string): FoundModule {
  return { file, text, path: `${file} of ${source}` }
}

type InputOf<K extends string> = Extract<
  Exclude<GraphSourceInput['files'], string>[number],
  { readonly [key in K]: unknown }
>

function resolveInputs(context: Context, written: GraphSourceInput['files']): readonly GraphInput[] {
  const { source } = context
  const plain = (file: string, path: YamlPath): GraphInput => ({
    type: 'document',
    file,
    form: undefined,
    ...resolveFileChoice(context, path, { file }, null),
  })
  if (typeof written === 'string') return [plain(written, ['graph', 'files'])]
  const inputs = written.map((input, index): GraphInput => {
    const path = ['graph', 'files', index]
    const reader = new InputReader(source, path)
    if (typeof input === 'string') return plain(input, path)
    const [key, file] = fileOf(input)
    const choice = resolveFileChoice(context, path, { ...input, file }, key)
    if ('file' in input) return { type: 'document', file, form: input.form, ...choice }
    if ('nodes' in input) return { ...reader.nodes(input), ...choice }
    return { ...('relationships' in input ? reader.relationships(input) : reader.table(input)), ...choice }
  })
  refuseTwoChoices(context, inputs)
  return inputs
}

/** The key under which the file is named, and the file. */
function fileOf(
  input: Exclude<Exclude<GraphSourceInput['files'], string>[number], string>,
): readonly [string, string] {
  if ('file' in input) return ['file', input.file]
  if ('nodes' in input) return ['nodes', input.nodes]
  return 'relationships' in input ? ['relationships', input.relationships] : ['table', input.table]
}

/** Inputs of one file are read of the same files. */
function refuseTwoChoices({ source, findings }: Context, inputs: readonly GraphInput[]): void {
  const choices = new Map<string, Several>()
  for (const [index, { file, several }] of inputs.entries()) {
    const path = plainPath(file)
    const other = choices.get(path)
    if (several === undefined) continue
    choices.set(path, other ?? several)
    if (other === undefined || several === other) continue
    const place = placeIn(source, ['graph', 'files', index, 'several'])
    findings.add(findingCodes.mapping, place, `Two say two things of several files that fit ${path}.`, {
      remedy: 'Keep one of the two.',
    })
  }
}

/** Texts are taken as they were written, so that the column 007 is not the column 7. */
class InputReader {
  readonly #source: Definition<SourceInput>
  readonly #path: YamlPath

  constructor(source: Definition<SourceInput>, path: YamlPath) {
    this.#source = source
    this.#path = path
  }

  nodes(input: InputOf<'nodes'>): NodeTable {
    return {
      type: 'nodes',
      file: input.nodes,
      format: this.#format(input.format),
      id: [input.id === undefined ? 'id' : this.#text('id')],
      kind: this.#namedBy('kind', input.kind, { column: 'kind', ifThere: false }),
      isQualified: false,
      destroyed: this.#destroyed(input.destroyed),
      attributes: this.#attributes(input.attributes),
      references: [],
    }
  }

  table(input: InputOf<'table'>): NodeTable {
    return {
      type: 'nodes',
      file: input.table,
      format: this.#format(input.format),
      id: input.id === undefined ? ['id'] : this.#texts(['id'], input.id),
      kind: { text: this.#text('kind') },
      isQualified: true,
      destroyed: this.#destroyed(input.destroyed),
      attributes: this.#attributes(input.attributes),
      references: (input.references ?? []).map((reference, index) => {
        const at = ['references', index]
        const text = (name: 'to' | 'relationship' | 'role' | 'toRole') =>
          reference[name] === undefined ? '' : this.#text(...at, name)
        return {
          columns: this.#texts([...at, 'column'], reference.column),
          to: text('to'),
          relationship: text('relationship'),
          role: text('role'),
          toRole: text('toRole'),
        }
      }),
    }
  }

  relationships(input: InputOf<'relationships'>): RelationshipTable {
    return {
      type: 'relationships',
      file: input.relationships,
      format: this.#format(input.format),
      from: this.#end('from', input.from),
      to: this.#end('to', input.to),
      kind: this.#namedBy('kind', input.kind, { column: 'kind', ifThere: false }),
      fromRole: this.#namedBy('fromRole', input.fromRole, { column: 'fromRole', ifThere: true }),
      toRole: this.#namedBy('toRole', input.toRole, { column: 'toRole', ifThere: true }),
      attributes: this.#attributes(input.attributes),
    }
  }

  #text(...path: YamlPath): string {
    return textIn(this.#source, [...this.#path, ...path])
  }

  #texts(path: YamlPath, written: unknown): readonly string[] {
    return Array.isArray(written)
      ? written.map((_, index) => this.#text(...path, index))
      : [this.#text(...path)]
  }

  #format(own: FormatInput | undefined): FileFormat {
    return resolveFormat(this.#source.value.format, own, usualFormat(this.#source.value))
  }

  #destroyed(written: unknown): ColumnIfThere {
    return written === undefined
      ? { column: 'destroyed', ifThere: true }
      : { column: this.#text('destroyed'), ifThere: false }
  }

  #namedBy(name: string, written: NamedByInput | undefined, usual: NamedBy): NamedBy {
    if (written === undefined) return usual
    if (typeof written !== 'object') return { text: this.#text(name) }
    return { column: this.#text(name, 'column'), ifThere: false }
  }

  #end(name: 'from' | 'to', written: InputOf<'relationships'>['from']): GraphEnd {
    if (written === undefined) return { columns: [name], kind: undefined }
    if (typeof written !== 'object') return { columns: [this.#text(name)], kind: undefined }
    return {
      columns: this.#texts([name, 'column'], written.column),
      kind: written.kind === undefined ? undefined : this.#text(name, 'kind'),
    }
  }

  #attributes(written: AttributesInput | undefined): readonly ColumnAttribute[] | undefined {
    if (written === undefined) return undefined
    const plain = (name: string, column: string) => ({ name, column, type: 'text' as const, separator: ';' })
    if (Array.isArray(written))
      return this.#texts(['attributes'], written).map((column) => plain(column, column))
    return Object.entries(written).map(([name, details]) => {
      const at = ['attributes', name]
      if (typeof details !== 'object') return plain(name, this.#text(...at))
      return {
        name,
        column: details.column === undefined ? name : this.#text(...at, 'column'),
        type: details.type ?? 'text',
        separator: details.separator === undefined ? ';' : this.#text(...at, 'separator'),
      }
    })
  }
}

/** Those that every class has, whatever a body sets. */
export function keyProperties(key: string, known: ReadonlySet<string>): readonly string[] {
  return [key, ...(known.has(bareKeyProperty) && key !== bareKeyProperty ? [bareKeyProperty] : [])]
}
