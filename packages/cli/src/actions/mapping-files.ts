/**
 * The files that `sluice mapping` reads: modules, graphs, class models, cases.
 *
 * @module
 */
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import {
  type CaseDocument,
  type ClassModel,
  caseDocument,
  classModelDocument,
  commonClassModel,
  type GraphDocument,
  graphDocument,
  kindModelDocument,
  kindModelOf,
  loadClassModel,
  loadKindModel,
  type ModuleText,
  type Rules,
} from '@sluice/syncmapping'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { readNamedFile } from './read-named-file.ts'

export interface ModuleFile extends ModuleText {
  readonly path: string
}

/** Modules in the order in which they are named; those of a folder by their names. */
export async function moduleFiles(
  context: Context,
  named: readonly string[],
): Promise<readonly ModuleFile[]> {
  const files = (await Promise.all(named.map((one) => filesAt(context, one, /\.tpl$/)))).flat()
  if (files.length === 0)
    throw new WrongUsageError(`There is no .tpl file in ${named.join(', ')}.`, 'Name one.')
  return await Promise.all(
    files.map(async (file) => {
      const path = resolve(context.workingFolder, file)
      return {
        file,
        path,
        text: await readNamedFile(path, 'utf8', 'Name modules (.tpl), or a folder of them.'),
      }
    }),
  )
}

async function filesAt(
  { workingFolder }: Context,
  named: string,
  wanted: RegExp,
): Promise<readonly string[]> {
  const path = resolve(workingFolder, named)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() !== true) return [named]
  const entries = await readdir(path, { recursive: true })
  return entries
    .filter((entry) => wanted.test(entry))
    .sort()
    .map((entry) => join(named, entry))
}

/** Without a file, the common part of BMC's, in which every class has every attribute. */
async function readClasses(context: Context, file: string | undefined): Promise<ClassModel> {
  if (file === undefined) return commonClassModel
  return loadClassModel(await readDocument(context, file, classModelDocument))
}

/** Which files say what modules are checked against. */
export interface RuleFlags {
  readonly cdm?: string
  readonly kinds?: string
  readonly extendedWhere?: boolean
}

/** @param graph Where no kinds are given, those that it has. */
export async function readRules(
  context: Context,
  { cdm, kinds, extendedWhere = false }: RuleFlags,
  graph?: GraphDocument,
): Promise<Rules> {
  const ofGraph = graph && kindModelOf(graph)
  return {
    classes: await readClasses(context, cdm),
    kinds:
      kinds === undefined ? ofGraph : loadKindModel(await readDocument(context, kinds, kindModelDocument)),
    hasExtendedWhere: extendedWhere,
  }
}

export async function readGraph(context: Context, file: string): Promise<GraphDocument> {
  return await readDocument(context, file, graphDocument)
}

export interface CaseFile {
  readonly file: string
  readonly one: CaseDocument
}

const classFile = 'default-class-model.json'

/** The cases of a folder, and the class model for those without one. */
export async function caseFiles(
  context: Context,
  named: string,
  cdm: string | undefined,
): Promise<{ readonly cases: readonly CaseFile[]; readonly classes: ClassModel }> {
  const all = await filesAt(context, named, /\.json$/)
  const own = all.find((file) => basename(file) === classFile)
  const cases = all.filter((file) => basename(file) !== classFile)
  if (cases.length === 0)
    throw new WrongUsageError(`There is no case in ${named}.`, 'Name a folder of .json files.')
  return {
    classes: await readClasses(context, cdm ?? own),
    cases: await Promise.all(
      cases.map(async (file) => ({ file, one: await readDocument(context, file, caseDocument) })),
    ),
  }
}

async function readDocument<Schema extends z.ZodType>(
  { workingFolder }: Context,
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await readNamedFile(resolve(workingFolder, file), 'utf8', 'Name a JSON file.')
  const parsed = schema.safeParse(/\.ya?ml$/.test(file) ? parseYaml(text, file) : parseJson(text, file))
  if (parsed.success) return parsed.data
  const reason = z.prettifyError(parsed.error).split('\n').slice(0, 4).join(' ')
  throw new WrongUsageError(
    `${file} is not what is needed here: ${reason}`,
    'docs/language.md shows such a file.',
  )
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause
    throw new WrongUsageError(`${file} is no YAML: ${cause.message}`, 'Mend it at that place.')
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WrongUsageError(`${file} is no JSON: ${reason}.`, 'Mend it at that place.')
  }
}
