/**
 * A module's text → its tree, and what is wrong with the text.
 *
 * @module
 */
import { type Diagnostic, inOrder, reportInto } from '../diagnostic.ts'
import type * as ast from '../grammar/generated/ast.ts'
import { isModule } from '../grammar/generated/ast.ts'
import { tplServices } from '../grammar/tpl-services.ts'
import { TextPlaces } from '../tree/text-places.ts'
import type { ConfigurationTree, Import, ModuleTree, TableTree } from '../tree/tree.ts'
import { readExpression } from './read-expression.ts'
import { readSyncmapping } from './read-mapping.ts'
import { complete, nameIn, type Reading, spanOf, versionIn } from './reading.ts'
import { reportSyntax } from './report-syntax.ts'

export interface ReadModule {
  /** All that could be read. */
  readonly tree: ModuleTree
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a module as far as it can be read; `file` is only said in diagnostics. */
export function readModule(file: string, text: string): ReadModule {
  const diagnostics: Diagnostic[] = []
  const places = new TextPlaces(text)
  const reading = { text, places, report: reportInto(file, diagnostics), mistakes: [] }
  const module = parsed(reading)
  const tree = readTree(file, module, reading)
  return { tree, diagnostics: inOrder(diagnostics) }
}

/** @returns `undefined`: nothing could be read. */
function parsed(reading: Reading): ast.Module | undefined {
  const { text, report, places } = reading
  const { value, parserErrors, lexerErrors, lexerReport } = tplServices().parser.LangiumParser.parse(text)
  for (const { offset, length } of lexerErrors) {
    report(
      'SYNTAX',
      places.span(offset, length),
      `${text.slice(offset, offset + length)} has no meaning here.`,
    )
  }
  for (const { offset, length, message } of lexerReport?.diagnostics ?? []) {
    const remedy = 'Give a part of it a name of its own, and use that.'
    report('NESTED_TOO_DEEPLY', places.span(offset, length), message, remedy)
  }
  reportSyntax(parserErrors, reading)
  return isModule(value) ? value : undefined
}

function readTree(file: string, module: ast.Module | undefined, reading: Reading): ModuleTree {
  const declarations = module?.declarations ?? []
  const header = module?.header
  if (header === undefined) reportHeader(reading)
  const nowhere = { text: '', at: reading.places.span(0, 0) }
  return {
    file,
    text: reading.text,
    name: (header && nameIn(header, 'name', reading)) ?? nowhere,
    imports: declarations.flatMap((one) => (one.$type === 'Import' ? readImport(one, reading) : [])),
    tables: complete(
      declarations.map((one) => (one.$type === 'Table' ? readTable(one, reading) : undefined)),
    ),
    configurations: complete(
      declarations.map((one) =>
        one.$type === 'Configuration' ? readConfiguration(one, reading) : undefined,
      ),
    ),
    syncmappings: complete(
      declarations.map((one) => (one.$type === 'Syncmapping' ? readSyncmapping(one, reading) : undefined)),
    ),
    skipped: declarations.flatMap((one) =>
      one.$type === 'Skipped' ? [/^\S+\s+(\S+)/.exec(one.text)?.[1] ?? ''] : [],
    ),
  }
}

function reportHeader({ text, places, report }: Reading): void {
  const offset = /^(?:\s|\ufeff|\/\/[^\n\r]*)*/.exec(text)?.[0].length ?? 0
  const word = /^\S*/.exec(text.slice(offset))?.[0] ?? ''
  if (word === 'tpl') return
  report(
    'NO_HEADER',
    places.span(offset, word.length),
    'A module begins with its header.',
    'Write e.g. "tpl 1.15 module CMDB.Host_Tags;" first.',
  )
}

function readImport(declaration: ast.Import, reading: Reading): readonly Import[] {
  const module = nameIn(declaration, 'module', reading)
  if (module === undefined) return []
  return complete(
    declaration.names.map((imported) => {
      const name = nameIn(imported, 'name', reading)
      const version = versionIn(imported, reading)
      return name && version && { module, name, alias: nameIn(imported, 'alias', reading) ?? name, version }
    }),
  )
}

function readTable(table: ast.Table, reading: Reading): TableTree | undefined {
  const name = nameIn(table, 'name', reading)
  const version = versionIn(table, reading)
  const rows = table.rows.map((row) => {
    const values = complete(row.values.map((value) => readExpression(value, reading)))
    const key = readExpression(row.key, reading)
    const isWhole = values.length > 0 && (row.default || key !== undefined)
    return isWhole ? { key, values, at: spanOf(row, reading) } : undefined
  })
  return name && version && { name, version, rows: complete(rows), at: spanOf(table, reading) }
}

function readConfiguration(
  configuration: ast.Configuration,
  reading: Reading,
): ConfigurationTree | undefined {
  const name = nameIn(configuration, 'name', reading)
  const version = versionIn(configuration, reading)
  const settings = configuration.settings.map((setting) => {
    const values = complete(setting.values.map((value) => readExpression(value, reading)))
    const settingName = nameIn(setting, 'name', reading)
    return settingName && values.length > 0 ? { name: settingName, values } : undefined
  })
  const at = spanOf(configuration, reading)
  return name && version && { name, version, settings: complete(settings), at }
}
