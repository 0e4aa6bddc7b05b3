/**
 * The mapping language in a thread of the browser: typing never waits for it.
 *
 * @module
 */
import {
  type ClassModel,
  compile,
  drawMappings,
  hasErrors,
  LanguageServer,
  loadClassModel,
  loadKindModel,
} from '@sluice/syncmapping'
import { expose } from 'comlink'
import type { Language, LanguageText } from './language.ts'

class LanguageInWorker implements Language {
  #server = new LanguageServer()
  #classes: ClassModel | undefined
  readonly #texts = new Map<string, string>()

  open({ modules, classes, kinds }: Parameters<Language['open']>[0]): void {
    this.#classes = loadClassModel(classes)
    this.#server = new LanguageServer(this.#classes, {
      kinds: kinds === null ? undefined : loadKindModel(kinds),
    })
    this.#texts.clear()
    for (const module of modules) this.#keep(module)
  }

  #keep({ file, text }: LanguageText): void {
    this.#texts.set(file, text)
    this.#server.write(file, text)
  }

  check(modules: readonly LanguageText[]): ReturnType<Language['check']> {
    for (const module of modules) this.#keep(module)
    return [...this.#server.diagnostics()].flatMap(([file, found]) =>
      found.map(({ range, severity, code, message }) => ({
        file,
        range,
        severity:
          severity === 1 ? ('error' as const) : severity === 2 ? ('warning' as const) : ('info' as const),
        code: String(code ?? ''),
        message: typeof message === 'string' ? message : message.value,
      })),
    )
  }

  complete(
    module: LanguageText,
    position: Parameters<Language['complete']>[1],
  ): ReturnType<Language['complete']> {
    this.#keep(module)
    return this.#server.complete(module.file, position)
  }

  hover(file: string, position: Parameters<Language['hover']>[1]): ReturnType<Language['hover']> {
    const found = this.#server.hover(file, position)
    if (found === undefined) return undefined
    const { contents, range } = found
    return typeof contents === 'object' && 'value' in contents ? { text: contents.value, range } : undefined
  }

  definition(
    file: string,
    position: Parameters<Language['definition']>[1],
  ): ReturnType<Language['definition']> {
    const found = this.#server.definition(file, position)
    return found && { file: found.uri, position: found.range.start }
  }

  format(module: LanguageText): ReturnType<Language['format']> {
    this.#keep(module)
    return this.#server.format(module.file)[0]?.newText
  }

  draw(): ReturnType<Language['draw']> {
    const modules = [...this.#texts].map(([file, text]) => ({ file, text }))
    const { program, diagnostics } = compile(modules, this.#classes)
    // Half of them would look like all there is.
    return hasErrors(diagnostics) ? undefined : drawMappings(program)
  }
}

expose(new LanguageInWorker())
