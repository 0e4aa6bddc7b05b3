/**
 * Reads the modules of graph sources, and brings along the language they are written in.
 *
 * The language is loaded only where a project has such a source: nobody else should wait for it.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import {
  type CompiledModules,
  type ConfigurationFile,
  type EntityModel,
  type FoundModule,
  readModulePatterns,
  type Syncmappings,
} from '@sluice/model'
import { glob } from 'tinyglobby'
import { display } from './display-path.ts'

/** Of all sources in these files; `undefined` where none is a graph. */
export async function readSyncmappings(
  files: readonly ConfigurationFile[],
): Promise<Syncmappings | undefined> {
  const found = new Map<string, readonly FoundModule[] | string>()
  let isNeeded = false
  for (const file of files) {
    const patterns = readModulePatterns(file)
    if (patterns === undefined) continue
    isNeeded = true
    for (const pattern of patterns)
      found.set(nameOf(file.path, pattern), await findModules(file.path, pattern))
  }
  if (!isNeeded) return undefined
  const language = await import('@sluice/syncmapping')
  return {
    find: (file, pattern) => found.get(nameOf(file, pattern)) ?? `No module is called "${pattern}".`,
    compile: (modules, model, dataModel) => compileModules(language, modules, model, dataModel),
  }
}

function nameOf(file: string, pattern: string): string {
  return JSON.stringify([file, pattern])
}

/** A folder stands for the modules in it and in its folders, by name; so does a pattern. */
export async function findModules(file: string, pattern: string): Promise<readonly FoundModule[] | string> {
  const folder = dirname(resolve(file))
  const patterns = pattern.endsWith('.tpl') ? [pattern] : [pattern, `${pattern.replace(/\/+$/, '')}/**/*.tpl`]
  const paths = await glob(patterns, { cwd: folder, absolute: true, expandDirectories: false })
  if (paths.length === 0) return `No module is called "${pattern}".`
  const inOrder = [...new Set(paths.map((path) => resolve(path)))].sort(ordinal)
  try {
    return await Promise.all(
      inOrder.map(async (path) => ({
        path: display(path),
        file: relative(folder, path).split(sep).join('/'),
        text: await readFile(path, 'utf8'),
      })),
    )
  } catch (error) {
    return error instanceof Error ? `A module cannot be read: ${error.message}.` : String(error)
  }
}

/** The same on every machine, whatever language its names are sorted in. */
function ordinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

type Language = typeof import('@sluice/syncmapping')

function compileModules(
  { compile, classModelOf, outcomeOf }: Language,
  modules: readonly FoundModule[],
  model: EntityModel,
  dataModel: number,
): CompiledModules {
  const texts = modules.map(({ path, text }) => ({ file: path, text }))
  const { program, diagnostics } = compile(texts, classModelOf(model))
  const findings = diagnostics.flatMap(({ code, severity, message, remedy, file, at }) => {
    // That a mapping is overridden is no finding: it was meant.
    if (severity === 'info') return []
    // Where resources come of it, a class that there is not is no matter of taste.
    const found = code === 'CLASS_UNKNOWN' ? ('error' as const) : severity
    return [{ severity: found, message, remedy, file, line: at.line, column: at.column }]
  })
  const { classes, relationships } = outcomeOf(program, dataModel)
  return {
    findings,
    classes: new Map([...classes].map(([name, { attributes }]) => [name, attributes])),
    relationships,
  }
}
