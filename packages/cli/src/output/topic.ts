/**
 * The text of a topic on the screen.
 *
 * @module
 */
import type { Colors } from './outlet.ts'

/** Markdown as it is written, with headings and what is typed made visible where there are colors. */
export function formatTopic(markdown: string, colors: Colors): string {
  return markdown
    .replaceAll(/^#+ (.*)$/gm, (_, heading: string) => colors.bold(heading))
    .replaceAll(/^ {4}.*$/gm, (line) => colors.cyan(line))
    .replaceAll(/`([^`\n]+)`/g, (_, typed: string) => colors.cyan(typed))
}
