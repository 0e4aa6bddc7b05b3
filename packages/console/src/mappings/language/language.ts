/**
 * What an editor asks of the mapping language. Files are known by their names; lines and characters count from 0.
 *
 * @module
 */
import type { Drawing } from '@sluice/drawing'
import type { SourceModules } from '@sluice/model'

export interface LanguageText {
  readonly file: string
  readonly text: string
}

export interface LanguagePosition {
  readonly line: number
  readonly character: number
}

export interface LanguageRange {
  readonly start: LanguagePosition
  readonly end: LanguagePosition
}

export interface Problem {
  readonly file: string
  readonly range: LanguageRange
  readonly severity: 'error' | 'warning' | 'info'
  readonly code: string
  readonly message: string
}

/** As the protocol of language servers has them. */
export interface Suggestion {
  readonly label: string
  readonly kind?: number
  readonly detail?: string
  readonly documentation?: unknown
  readonly insertText?: string
}

export interface Language {
  open(of: Pick<SourceModules, 'modules' | 'classes' | 'kinds'>): void
  /** What is wrong with all modules, when these have these texts. */
  check(modules: readonly LanguageText[]): readonly Problem[]
  complete(module: LanguageText, position: LanguagePosition): readonly Suggestion[]
  /** Markdown. */
  hover(
    file: string,
    position: LanguagePosition,
  ): { readonly text: string; readonly range: LanguageRange | undefined } | undefined
  definition(
    file: string,
    position: LanguagePosition,
  ): { readonly file: string; readonly position: LanguagePosition } | undefined
  /** `undefined`: it is formatted already, or cannot be read. */
  format(module: LanguageText): string | undefined
  /** `undefined`: some module has an error. */
  draw(): Drawing | undefined
}
