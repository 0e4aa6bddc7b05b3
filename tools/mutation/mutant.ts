/** One small change of a source file that some test ought to notice. */
export interface Mutant {
  /** Offsets into the file's text, in UTF-16 units. */
  readonly start: number
  readonly end: number
  readonly replacement: string
}

/** The file's text with the change made. */
export function mutated(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end)
}

/** What the change is, in one line: `found > limit → found >= limit`; what is taken out alone is `found > limit →`. */
export function changeOf(text: string, { start, end, replacement }: Mutant): string {
  return `${oneLine(text.slice(start, end))} → ${oneLine(replacement)}`.trimEnd()
}

/** Of the start of the change, from 1. */
export function lineOf(text: string, { start }: Mutant): number {
  return text.slice(0, start).split('\n').length
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
