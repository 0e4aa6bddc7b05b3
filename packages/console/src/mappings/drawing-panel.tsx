/** The mappings as a picture, which follows what is written. @module */
import { Paper, Skeleton, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { Drawing } from '@sluice/drawing'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { EmptyState } from '../design/empty-state.tsx'
import { Graph } from '../design/lazy-graph.tsx'
import { texts } from '../texts/texts.ts'
import { graphOfDrawing } from './drawing-graph.ts'
import type { LanguagePosition } from './language/language.ts'
import type { RemoteLanguage } from './language/use-language.ts'
import type { ModuleText } from './modules-draft.ts'
import { placeOfMapping } from './place-of-mapping.ts'

const { drawing: words } = texts.mappings

interface DrawingPanelProps {
  readonly language: RemoteLanguage | undefined
  readonly modules: readonly ModuleText[]
  readonly onOpen: (file: string, position: LanguagePosition) => void
}

export function DrawingPanel({ language, modules, onOpen }: DrawingPanelProps): ReactNode {
  const drawing = useDrawing(language, modules)
  const graph = useMemo(() => (drawing ? graphOfDrawing(drawing) : undefined), [drawing])
  const open = useCallback(
    (id: string) => {
      const place = placeOfMapping(modules, id)
      if (place !== undefined) onOpen(place.file, place.position)
    },
    [modules, onOpen],
  )
  if (drawing === null) return <EmptyState title={words.broken}>{words.brokenHelp}</EmptyState>
  if (graph === undefined) return <Skeleton h={560} />
  return (
    <Paper p="md">
      <Graph nodes={graph.nodes} edges={graph.edges} label={words.label} onOpen={open} flow="DOWN" />
      <Text size="xs" c="dimmed" mt="xs">
        {words.help}
      </Text>
    </Paper>
  )
}

/** `null`: some module has an error. */
function useDrawing(
  language: RemoteLanguage | undefined,
  modules: readonly ModuleText[],
): Drawing | null | undefined {
  const [drawing, setDrawing] = useState<Drawing | null>()
  const [written] = useDebouncedValue(modules, 500)
  useEffect(() => {
    if (language === undefined) return undefined
    let isOver = false
    void language
      .check([...written])
      .then(() => language.draw())
      .then((found) => {
        if (!isOver) setDrawing(found ?? null)
      })
    return () => {
      isOver = true
    }
  }, [language, written])
  return drawing
}
