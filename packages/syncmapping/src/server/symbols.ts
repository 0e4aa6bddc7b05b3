/**
 * A module as an outline.
 *
 * @module
 */
import { type DocumentSymbol, type Range, SymbolKind } from 'vscode-languageserver-types'
import type { Span } from '../diagnostic.ts'
import { printSpec } from '../tree/print-spec.ts'
import type { Group, Items, ModuleTree, Name, Spec, SyncmappingTree, Traversal } from '../tree/tree.ts'

/** @param rangeOf Of a stretch of this module's text. */
export function symbolsOf(tree: ModuleTree, rangeOf: (span: Span) => Range): readonly DocumentSymbol[] {
  const outline = new Outline(rangeOf)
  return [
    ...tree.tables.map(({ name, at }) => outline.symbol(name, SymbolKind.Array, { at, detail: 'table' })),
    ...tree.configurations.map(({ name, at, settings }) =>
      outline.symbol(name, SymbolKind.Object, {
        at,
        detail: 'configuration',
        children: settings.map((one) => outline.symbol(one.name, SymbolKind.Property, { at: one.name.at })),
      }),
    ),
    ...tree.syncmappings.map((mapping) => outline.mapping(mapping)),
  ].sort((a, b) => a.range.start.line - b.range.start.line)
}

interface Details {
  readonly at: Span
  readonly detail?: string
  readonly children?: readonly DocumentSymbol[]
}

class Outline {
  readonly #rangeOf: (span: Span) => Range

  constructor(rangeOf: (span: Span) => Range) {
    this.#rangeOf = rangeOf
  }

  symbol(name: Name, kind: SymbolKind, { at, detail, children = [] }: Details): DocumentSymbol {
    const range = this.#rangeOf(around(at, name.at))
    const selectionRange = this.#rangeOf(name.at)
    return {
      name: name.text,
      kind,
      range,
      selectionRange,
      children: [...children],
      ...(detail ? { detail } : {}),
    }
  }

  mapping({ name, at, source, items, constants }: SyncmappingTree): DocumentSymbol {
    const from = source.type === 'from' ? source.extended : []
    const detail =
      source.type === 'on'
        ? `on ${source.kind.text}`
        : `from ${from.map(({ mapping, variable }) => `${mapping.text}.${variable.text}`).join(', ')}`
    const children = [
      ...constants.map((one) => this.symbol(one.name, SymbolKind.Constant, { at: one.name.at })),
      this.symbol(source.name, SymbolKind.Variable, { at: source.name.at, detail }),
      ...this.#items(items),
    ]
    return this.symbol(name, SymbolKind.Class, { at, detail, children })
  }

  #items({ targets, traversals, groups }: Items): readonly DocumentSymbol[] {
    return [
      ...targets.map(({ name, className }) =>
        this.symbol(name, SymbolKind.Struct, { at: around(className.at, name.at), detail: className.text }),
      ),
      ...traversals.map((one) => this.#traversal(one)),
      ...groups.map((one) => this.#group(one)),
    ]
  }

  #traversal({ name, at, spec, items }: Traversal): DocumentSymbol {
    return this.symbol(name, SymbolKind.Variable, {
      at,
      detail: detailOf(spec),
      children: this.#items(items),
    })
  }

  #group({ name, at, items, expand }: Group): DocumentSymbol {
    const expanded =
      expand === undefined
        ? []
        : [
            this.symbol(expand.name, SymbolKind.Variable, {
              at: expand.at,
              detail: 'expand',
              children: this.#items(expand.items),
            }),
          ]
    const children = [...this.#items(items), ...expanded]
    return this.symbol(name, SymbolKind.Namespace, { at, detail: 'group', children })
  }
}

function detailOf(spec: Spec): string {
  return `traverse ${printSpec(spec)}`
}

/** An outline's entry holds its name, which a parser that recovered may have lost sight of. */
function around(span: Span, name: Span): Span {
  const [first, last] = span.offset <= name.offset ? [span, name] : [name, span]
  const end = Math.max(first.offset + first.length, last.offset + last.length)
  return { ...first, length: end - first.offset }
}
