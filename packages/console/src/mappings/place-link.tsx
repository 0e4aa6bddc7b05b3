/** A statement of a module, and the way to it. @module */
import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import type { LanguagePosition } from './language/language.ts'
import classes from './mappings.module.css'

const { result: words } = texts.mappings

interface PlaceLinkProps {
  readonly place: {
    readonly file: string | null
    readonly line: number | null
    readonly column: number | null
  } | null
  readonly onOpen: (file: string, position: LanguagePosition) => void
}

export function PlaceLink({ place, onOpen }: PlaceLinkProps): ReactNode {
  if (place === null || place.file === null || place.line === null) return null
  const { file, line, column } = place
  return (
    <Anchor
      component="button"
      type="button"
      size="xs"
      className={classes['place'] ?? ''}
      aria-label={words.goToLine(file, line)}
      title={words.goToLine(file, line)}
      onClick={() => onOpen(file, { line: line - 1, character: (column ?? 1) - 1 })}
    >
      {texts.mappings.place(file.split('/').at(-1) ?? file, line)}
    </Anchor>
  )
}
