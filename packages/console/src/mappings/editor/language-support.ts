/**
 * What the mapping language says while one writes: completion, what is under the pointer, where a name is declared, the usual form.
 *
 * @module
 */
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import { EditorView, hoverTooltip, keymap } from '@codemirror/view'
import type { LanguagePosition, Suggestion } from '../language/language.ts'
import type { RemoteLanguage } from '../language/use-language.ts'
import { markdownElement } from './markdown-element.ts'
import { positionAt, rangeIn } from './positions.ts'

export interface SupportOf {
  readonly file: string
  readonly language: RemoteLanguage
  readonly onOpen: (file: string, position: LanguagePosition) => void
}

export function languageSupport(of: SupportOf): Extension {
  return [
    autocompletion({ override: [(context) => complete(of, context)], icons: true }),
    hoverTooltip((view, offset) => hover(of, view, offset)),
    keymap.of([
      { key: 'F12', run: (view) => openDefinition(of, view, view.state.selection.main.head) },
      { key: 'Shift-Alt-f', run: (view) => format(of, view) },
    ]),
    EditorView.domEventHandlers({
      click: (event, view) => {
        const offset = view.posAtCoords({ x: event.clientX, y: event.clientY })
        return (event.ctrlKey || event.metaKey) && offset !== null && openDefinition(of, view, offset)
      },
    }),
  ]
}

async function complete(
  { file, language }: SupportOf,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  const word = context.matchBefore(/\w*/)
  const before = context.state.sliceDoc(
    Math.max(0, (word?.from ?? context.pos) - 1),
    word?.from ?? context.pos,
  )
  if (!context.explicit && word?.text === '' && !/[.:(]/.test(before)) return null
  const text = context.state.doc.toString()
  const found = await language.complete({ file, text }, positionAt(context.state.doc, context.pos))
  if (context.aborted || found.length === 0) return null
  return { from: word?.from ?? context.pos, options: found.map(optionOf), validFor: /^\w*$/ }
}

/** Kinds of the protocol of language servers that have a sign of their own. */
const kinds: Readonly<Record<number, string>> = {
  3: 'function',
  5: 'property',
  6: 'variable',
  7: 'class',
  9: 'namespace',
  10: 'property',
  14: 'keyword',
  21: 'constant',
  22: 'class',
}

function optionOf({ label, kind, detail, documentation, insertText }: Suggestion) {
  return {
    label,
    ...(kind === undefined ? {} : { type: kinds[kind] ?? 'text' }),
    ...(detail === undefined ? {} : { detail }),
    ...(typeof documentation === 'string' ? { info: documentation } : {}),
    ...(insertText === undefined ? {} : { apply: insertText }),
  }
}

async function hover({ file, language }: SupportOf, view: EditorView, offset: number) {
  const found = await language.hover(file, positionAt(view.state.doc, offset))
  if (found === undefined) return null
  const { from, to } =
    found.range === undefined ? { from: offset, to: offset } : rangeIn(view.state.doc, found.range)
  return { pos: from, end: to, above: true, create: () => ({ dom: markdownElement(found.text) }) }
}

function openDefinition({ file, language, onOpen }: SupportOf, view: EditorView, offset: number): boolean {
  void language.definition(file, positionAt(view.state.doc, offset)).then((found) => {
    if (found !== undefined) onOpen(found.file, found.position)
  })
  return true
}

function format({ file, language }: SupportOf, view: EditorView): boolean {
  const text = view.state.doc.toString()
  void language.format({ file, text }).then((formatted) => {
    // What was typed meanwhile counts more.
    if (formatted === undefined || view.state.doc.toString() !== text) return
    view.dispatch({ changes: { from: 0, to: text.length, insert: formatted } })
  })
  return true
}
