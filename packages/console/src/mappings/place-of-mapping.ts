/** Where the mapping stands that a part of the drawing is of. @module */
import type { LanguagePosition } from './language/language.ts'
import type { ModuleText } from './modules-draft.ts'

/** `id`: the file of its mapping, the offset at which that begins, a name, a line each. */
export function placeOfMapping(
  modules: readonly ModuleText[],
  id: string,
): { readonly file: string; readonly position: LanguagePosition } | undefined {
  const [file, offset] = id.split('\n')
  const module = modules.find((one) => one.file === file)
  if (module === undefined) return undefined
  const before = module.text.slice(0, Number(offset)).split('\n')
  const character = before.at(-1)?.length ?? 0
  return { file: module.file, position: { line: before.length - 1, character } }
}
