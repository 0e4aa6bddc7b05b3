/**
 * What an editor asks of a folder of modules. How it asks, over which stream, is another's business.
 *
 * @module
 */
import { TextDocument } from 'vscode-languageserver-textdocument'
import {
  type CompletionItem,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentSymbol,
  type Hover,
  type Location,
  MarkupKind,
  type Position,
  type Range,
  type TextEdit,
} from 'vscode-languageserver-types'
import type { ClassModel } from '../class-model.ts'
import { commonClassModel } from '../common-classes.ts'
import type { Span } from '../diagnostic.ts'
import { formatModule } from '../format/format-module.ts'
import { type ReadModule, readModule } from '../read/read-module.ts'
import type { Rules } from '../rules.ts'
import { type Analysis, analyze, occurrenceAt } from './analysis.ts'
import { completionsAt } from './completion.ts'
import { cursorAt } from './cursor.ts'
import { hoverText } from './hover.ts'
import type { Declaration, Occurrence } from './occurrence.ts'
import { fixedBecause, type Place, placesOf, rename } from './rename.ts'
import { symbolsOf } from './symbols.ts'

export type RenameAnswer =
  | { readonly type: 'renamed'; readonly changes: Readonly<Record<string, TextEdit[]>> }
  | { readonly type: 'refused'; readonly reason: string }

interface Module {
  readonly document: TextDocument
  readonly read: ReadModule
  /** As it was when it had no error in its grammar last. */
  readonly whole: ReadModule
}

/** Modules are named by their addresses, and are loaded in the order of these, as a folder is. */
export class LanguageServer {
  readonly #rules: Rules
  readonly #stored = new Map<string, Module>()
  readonly #open = new Map<string, Module>()
  #analysis: Analysis | undefined
  #whole: Analysis | undefined

  constructor(classes: ClassModel = commonClassModel, rules: Partial<Omit<Rules, 'classes'>> = {}) {
    this.#rules = { kinds: undefined, hasExtendedWhere: false, ...rules, classes }
  }

  /** As it is stored; `undefined`: it is gone. What an editor has open counts more. */
  store(uri: string, text: string | undefined): void {
    this.#put(this.#stored, uri, text)
  }

  /** As it is in an editor; `undefined`: it was closed. */
  write(uri: string, text: string | undefined): void {
    this.#put(this.#open, uri, text)
  }

  #put(modules: Map<string, Module>, uri: string, text: string | undefined): void {
    if (text === undefined) modules.delete(uri)
    else if (modules.get(uri)?.document.getText() === text) return
    else modules.set(uri, this.#read(uri, text))
    this.#forget()
  }

  #read(uri: string, text: string): Module {
    const read = readModule(uri, text)
    const before = this.#module(uri)?.whole
    const isBroken = read.diagnostics.some(({ severity }) => severity === 'error')
    return { document: documentOf(uri, text), read, whole: isBroken && before !== undefined ? before : read }
  }

  #forget(): void {
    this.#analysis = undefined
    this.#whole = undefined
  }

  #module(uri: string): Module | undefined {
    return this.#open.get(uri) ?? this.#stored.get(uri)
  }

  #modules(): readonly Module[] {
    const all = new Map([...this.#stored, ...this.#open])
    return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, module]) => module)
  }

  #analyzed(): Analysis {
    this.#analysis ??= analyze(
      this.#modules().map(({ read }) => read),
      this.#rules,
    )
    return this.#analysis
  }

  #analyzedWhole(): Analysis {
    const modules = this.#modules()
    if (modules.every(({ read, whole }) => read === whole)) return this.#analyzed()
    this.#whole ??= analyze(
      modules.map(({ whole }) => whole),
      this.#rules,
    )
    return this.#whole
  }

  /** Of every module, those without any included. */
  diagnostics(): ReadonlyMap<string, readonly Diagnostic[]> {
    const { diagnostics } = this.#analyzed()
    return new Map(
      this.#modules().map(({ document }) => [
        document.uri,
        diagnostics
          .filter(({ file }) => file === document.uri)
          .map(({ at, severity, code, message, remedy }) => ({
            range: rangeIn(document, at),
            severity: severities[severity],
            code,
            source: 'sluice',
            message: remedy === undefined ? message : `${message}\n${remedy}`,
          })),
      ]),
    )
  }

  complete(uri: string, position: Position): readonly CompletionItem[] {
    const document = this.#module(uri)?.document
    if (document === undefined) return []
    const text = document.getText()
    const cursor = cursorAt(text, document.offsetAt(position))
    const now = this.#without(uri, text, cursor.unfinished)
    return completionsAt(cursor, uri, { now, whole: this.#analyzedWhole() })
  }

  /** The modules, but for a stretch that is half a statement and would hide what is around it. */
  #without(
    uri: string,
    text: string,
    { from, to }: { readonly from: number; readonly to: number },
  ): Analysis {
    const blank = text.slice(from, to).replace(/[^\r\n]/g, ' ')
    const rest = readModule(uri, text.slice(0, from) + blank + text.slice(to))
    const read = this.#modules().map((module) => (module.document.uri === uri ? rest : module.read))
    return analyze(read, this.#rules)
  }

  hover(uri: string, position: Position): Hover | undefined {
    const found = this.#at(uri, position)
    const value = found && hoverText(found.occurrence, this.#analyzed())
    if (found === undefined || value === undefined) return undefined
    return { contents: { kind: MarkupKind.Markdown, value }, range: found.range }
  }

  /** Where a name is declared; of an alias, what it stands for. */
  definition(uri: string, position: Position): Location | undefined {
    const declaration = this.#at(uri, position)?.occurrence.declaration
    return declaration && this.#location(placeOf(declaration.original ?? declaration))
  }

  references(uri: string, position: Position): readonly Location[] {
    const declaration = this.#at(uri, position)?.occurrence.declaration
    if (declaration === undefined) return []
    const places = placesOf(declaration, this.#analyzed())
    return places.flatMap((place) => this.#location(place) ?? [])
  }

  /** `undefined`: what stands there cannot be renamed. */
  renamed(uri: string, position: Position): Range | undefined {
    const found = this.#at(uri, position)
    return found === undefined || fixedBecause(found.occurrence) !== undefined ? undefined : found.range
  }

  rename(uri: string, position: Position, name: string): RenameAnswer {
    const found = this.#at(uri, position)
    if (found === undefined) return { type: 'refused', reason: 'There is no name here.' }
    const answer = rename(found.occurrence, name, this.#analyzed())
    if (answer.type === 'refused') return answer
    const changes: Record<string, TextEdit[]> = {}
    for (const { uri: file, range } of answer.places.flatMap((place) => this.#location(place) ?? [])) {
      changes[file] = [...(changes[file] ?? []), { range, newText: name }]
    }
    return { type: 'renamed', changes }
  }

  symbols(uri: string): readonly DocumentSymbol[] {
    const module = this.#module(uri)
    return module === undefined ? [] : symbolsOf(module.read.tree, (span) => rangeIn(module.document, span))
  }

  /** Nothing where it is formatted already, or cannot be read. */
  format(uri: string): readonly TextEdit[] {
    const document = this.#module(uri)?.document
    if (document === undefined) return []
    const text = document.getText()
    const result = formatModule(uri, text)
    if (result.type === 'unreadable' || result.text === text) return []
    const range = { start: document.positionAt(0), end: document.positionAt(text.length) }
    return [{ range, newText: result.text }]
  }

  #at(uri: string, position: Position): { occurrence: Occurrence; range: Range } | undefined {
    const document = this.#module(uri)?.document
    const occurrence = document && occurrenceAt(this.#analyzed(), uri, document.offsetAt(position))
    return document && occurrence && { occurrence, range: rangeIn(document, occurrence.name.at) }
  }

  #location({ file, at }: Place): Location | undefined {
    const document = this.#module(file)?.document
    return document && { uri: file, range: rangeIn(document, at) }
  }
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const

function placeOf({ file, name }: Declaration): Place {
  return { file, at: name.at }
}

function documentOf(uri: string, text: string): TextDocument {
  return TextDocument.create(uri, 'tpl', 0, text)
}

function rangeIn(document: TextDocument, { offset, length }: Span): Range {
  return { start: document.positionAt(offset), end: document.positionAt(offset + length) }
}
