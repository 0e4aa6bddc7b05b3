/** Two texts of a module: what is otherwise, and a little around it. @module */
import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { type ReactNode, useEffect, useRef } from 'react'
import { tplMode } from '../language/tpl-mode.ts'
import { editorLook } from './editor-look.ts'

interface TextsComparedProps {
  readonly label: string
  readonly before: string
  readonly after: string
}

export function TextsCompared({ label, before, after }: TextsComparedProps): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const view = new EditorView({
      state: EditorState.create({
        doc: after,
        extensions: [
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorState.readOnly.of(true),
          EditorView.lineWrapping,
          tplMode,
          editorLook,
          unifiedMergeView({
            original: before,
            mergeControls: false,
            collapseUnchanged: { margin: 2, minSize: 4 },
          }),
        ],
      }),
      ...(place.current === null ? {} : { parent: place.current }),
    })
    return () => view.destroy()
  }, [label, before, after])
  return (
    <div ref={place} style={{ border: '1px solid var(--sluice-line)', maxHeight: 360, overflow: 'auto' }} />
  )
}
