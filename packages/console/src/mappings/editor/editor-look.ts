/**
 * How the editor looks, in the colours of the rest: variables, so that light and dark are one.
 *
 * @module
 */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const look = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: 'var(--mantine-font-size-sm)',
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
  },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--sluice-canvas)',
    color: 'var(--mantine-color-dimmed)',
    borderRight: '1px solid var(--sluice-line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--sluice-editor-active)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection':
    {
      backgroundColor: 'var(--sluice-editor-selection)',
    },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--sluice-line)',
  },
  '.cm-tooltip': { boxShadow: 'var(--mantine-shadow-md)', borderRadius: 'var(--mantine-radius-sm)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: 'var(--mantine-color-white)',
  },
  '.cm-completionDetail': { color: 'var(--mantine-color-dimmed)', fontStyle: 'normal' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-written': { backgroundColor: 'var(--sluice-editor-written)' },
  // Their own signs are in few fonts.
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '"⋯"' },
  '.cm-diagnostic': { fontFamily: 'var(--mantine-font-family)', fontSize: 'var(--mantine-font-size-sm)' },
})

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--sluice-code-comment)', fontStyle: 'italic' },
  { tag: tags.string, color: 'var(--sluice-code-text)' },
  { tag: [tags.number, tags.atom], color: 'var(--sluice-code-value)' },
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], color: 'var(--sluice-code-keyword)' },
  { tag: tags.function(tags.variableName), color: 'var(--sluice-code-function)' },
  { tag: tags.propertyName, color: 'var(--sluice-code-property)' },
])

export const editorLook = [look, syntaxHighlighting(colours)]
