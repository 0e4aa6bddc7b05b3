/**
 * Loads the language of display expressions where a model has one, so that nobody else waits for it.
 *
 * @module
 */
import { type CompileDisplay, type ConfigurationFile, hasDisplayExpressions } from '@sluice/model'

export async function loadDisplays(files: readonly ConfigurationFile[]): Promise<CompileDisplay | undefined> {
  if (!files.some(hasDisplayExpressions)) return undefined
  const { compileDisplay } = await import('./compile-display.ts')
  return compileDisplay
}
