/**
 * One module in an editor: its text, what is wrong with it, and what the language knows.
 *
 * @module
 */
import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import type { LanguagePosition, Problem } from '../language/language.ts'
import { tplMode } from '../language/tpl-mode.ts'
import type { RemoteLanguage } from '../language/use-language.ts'
import { editorLook } from './editor-look.ts'
import { languageSupport } from './language-support.ts'
import { offsetAt, rangeIn } from './positions.ts'

export interface CodeEditorProps {
  readonly file: string
  readonly text: string
  readonly label: string
  readonly readOnly: boolean
  readonly language: RemoteLanguage | undefined
  /** Of this file. */
  readonly problems: readonly Problem[]
  /** Where to go, each time that it is another object. */
  readonly goTo: { readonly position: LanguagePosition } | undefined
  readonly onWrite: (text: string) => void
  readonly onOpen: (file: string, position: LanguagePosition) => void
}

const writing = new Compartment()
const knowing = new Compartment()

/** `key` it by its file: each has its own history. */
export function CodeEditor(props: CodeEditorProps): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const view = useView(place, props)
  useSupport(view, props)
  useText(view, props)
  useProblems(view, props)
  useGoTo(view, props)
  return <div ref={place} style={{ height: '100%' }} />
}

type ViewRef = RefObject<EditorView | undefined>

function useView(place: RefObject<HTMLDivElement | null>, props: CodeEditorProps): ViewRef {
  const view = useRef<EditorView>(undefined)
  const latest = useRef(props)
  latest.current = props
  useEffect(() => {
    const { text, label, readOnly } = latest.current
    const made = new EditorView({
      state: EditorState.create({
        doc: text,
        extensions: [
          ...usual,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          writing.of(EditorState.readOnly.of(readOnly)),
          knowing.of([]),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) latest.current.onWrite(state.doc.toString())
          }),
        ],
      }),
      ...(place.current === null ? {} : { parent: place.current }),
    })
    view.current = made
    return () => made.destroy()
  }, [place])
  return view
}

const usual = [
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  indentUnit.of('  '),
  EditorView.lineWrapping,
  tplMode,
  editorLook,
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
    ...searchKeymap,
    ...historyKeymap,
    ...completionKeymap,
    ...lintKeymap,
    // Escape, then Tab, leaves the editor.
    indentWithTab,
  ]),
]

function useSupport(view: ViewRef, { file, language, readOnly, onOpen }: CodeEditorProps): void {
  useEffect(() => {
    view.current?.dispatch({
      effects: [
        knowing.reconfigure(language === undefined ? [] : languageSupport({ file, language, onOpen })),
        writing.reconfigure(EditorState.readOnly.of(readOnly)),
      ],
    })
  }, [view, file, language, readOnly, onOpen])
}

/** Of somebody else's change, such as one that is given up; what is typed here is there already. */
function useText(view: ViewRef, { text }: CodeEditorProps): void {
  useEffect(() => {
    const made = view.current
    if (made === undefined || made.state.doc.toString() === text) return
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: text } })
  }, [view, text])
}

function useProblems(view: ViewRef, { problems }: CodeEditorProps): void {
  useEffect(() => {
    const made = view.current
    if (made === undefined) return
    const { doc } = made.state
    const found = problems.map(({ range, severity, message }) => ({
      ...rangeIn(doc, range),
      severity,
      message,
    }))
    made.dispatch(setDiagnostics(made.state, found))
  }, [view, problems])
}

function useGoTo(view: ViewRef, { goTo }: CodeEditorProps): void {
  useEffect(() => {
    const made = view.current
    if (made === undefined || goTo === undefined) return
    const offset = offsetAt(made.state.doc, goTo.position)
    made.dispatch({
      selection: { anchor: offset },
      effects: EditorView.scrollIntoView(offset, { y: 'center' }),
    })
    made.focus()
  }, [view, goTo])
}
