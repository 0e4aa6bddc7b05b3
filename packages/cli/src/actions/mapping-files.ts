/**
 * The files that `sluice mapping` reads: modules, graphs, class models, cases.
 *
 * @module
 */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { requireModel } from '@sluice/project'
import {
  type CaseDocument,
  type ClassModel,
  caseDocument,
  classModelDocument,
  classModelOf,
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
import type { Context, GlobalOptions } from '../context.ts'
import { projectFile } from '../find-project.ts'
import { projectPath } from '../project-path.ts'
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

interface ClassFlags extends GlobalOptions {
  readonly cdm?: string
}

/** Of the file; else of the project, where there is one with a model; else the common part of BMC's, in which every class has every attribute. */
async function readClasses(context: Context, flags: ClassFlags): Promise<ClassModel> {
  if (flags.cdm !== undefined)
    return loadClassModel(await readDocument(context, flags.cdm, classModelDocument))
  return (await projectClasses(context, flags)) ?? commonClassModel
}

/** Which files say what modules are checked against. */
export interface RuleFlags extends ClassFlags {
  readonly kinds?: string
  readonly extendedWhere?: boolean
}

/** @param graph Where no kinds are given, those that it has. */
export async function readRules(context: Context, flags: RuleFlags, graph?: GraphDocument): Promise<Rules> {
  const { kinds, extendedWhere = false } = flags
  const ofGraph = graph && kindModelOf(graph)
  return {
    classes: await readClasses(context, flags),
    kinds:
      kinds === undefined ? ofGraph : loadKindModel(await readDocument(context, kinds, kindModelDocument)),
    hasExtendedWhere: extendedWhere,
  }
}

async function projectClasses(context: Context, flags: ClassFlags): Promise<ClassModel | undefined> {
  if (flags.project === undefined && flags.config === undefined && !(await hasProject(context, flags)))
    return undefined
  const model = await requireModel(projectPath(context, flags))
  return model.entityTypes.size === 0 ? undefined : classModelOf(model)
}

async function hasProject(context: Context, flags: ClassFlags): Promise<boolean> {
  const found = await stat(join(projectPath(context, flags), projectFile)).catch(() => undefined)
  return found?.isFile() === true
}

/** A document, or a folder with the files of nodes and relationships that a graph source reads. */
export async function readGraph(context: Context, named: string): Promise<GraphDocument> {
  const found = await stat(resolve(context.workingFolder, named)).catch(() => undefined)
  if (found?.isDirectory() !== true) return await readDocument(context, named, graphDocument)
  const [nodes, relationships] = await Promise.all([
    readLines(context, join(named, 'nodes.jsonl'), nodeLine),
    readLines(context, join(named, 'relationships.jsonl'), relationshipLine),
  ])
  return graphDocument.parse({
    nodes: nodes.map(({ destroyed, ...node }) => ({
      ...node,
      attrs: { ...attributesOf(node), ...(destroyed ? { _destroyed: true } : {}) },
    })),
    rels: relationships.map((one) => ({ ...one, attrs: attributesOf(one) })),
  })
}

const nodeSchema = graphDocument.shape.nodes.element.shape
/** A line may call them by either name. */
const attributes = { attrs: nodeSchema.attrs, attributes: nodeSchema.attrs.optional() }

function attributesOf<T>(line: { readonly attrs: T; readonly attributes?: T | undefined }): T {
  return line.attributes ?? line.attrs
}

const nodeLine = z.object({
  id: nodeSchema.id,
  kind: nodeSchema.kind,
  destroyed: z.boolean().default(false),
  ...attributes,
})
const relationshipLine = z.object({
  kind: z.string(),
  from: z.string(),
  fromRole: z.string(),
  to: z.string(),
  toRole: z.string(),
  ...attributes,
})

async function readLines<Schema extends z.ZodType>(
  { workingFolder }: Context,
  file: string,
  schema: Schema,
): Promise<readonly z.output<Schema>[]> {
  const text = await readNamedFile(resolve(workingFolder, file), 'utf8', folderOfGraph)
  return text.split('\n').flatMap((line, index) => {
    return line.trim() === '' ? [] : parseDocument(line, `${file}:${index + 1}`, schema)
  })
}

const folderOfGraph = 'A folder of a graph holds nodes.jsonl and relationships.jsonl.'

export interface CaseFile {
  readonly file: string
  readonly one: CaseDocument
  /** Of the files that it names, by how it names them. */
  readonly modules: ReadonlyMap<string, readonly ModuleText[]>
}

const classFile = 'default-class-model.json'

/** The cases of a folder, and the class model for those without one. */
export async function caseFiles(
  context: Context,
  named: string,
  flags: ClassFlags,
): Promise<{ readonly cases: readonly CaseFile[]; readonly classes: ClassModel }> {
  const all = await filesAt(context, named, /\.json$/)
  const own = all.find((file) => basename(file) === classFile)
  const cases = all.filter((file) => basename(file) !== classFile)
  if (cases.length === 0)
    throw new WrongUsageError(`There is no case in ${named}.`, 'Name a folder of .json files.')
  const cdm = flags.cdm ?? own
  return {
    classes: await readClasses(context, { ...flags, ...(cdm === undefined ? {} : { cdm }) }),
    cases: await Promise.all(cases.map((file) => readCase(context, file))),
  }
}

async function readCase(context: Context, file: string): Promise<CaseFile> {
  const one = await readDocument(context, file, caseDocument)
  const named =
    'modules' in one ? one.modules.flatMap((part) => (typeof part === 'string' ? [] : part.file)) : []
  const read = named.map(async (name): Promise<[string, readonly ModuleText[]]> => {
    return [name, await moduleFiles(context, [join(dirname(file), name)])]
  })
  return { file, one, modules: new Map(await Promise.all(read)) }
}

async function readDocument<Schema extends z.ZodType>(
  { workingFolder }: Context,
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await readNamedFile(resolve(workingFolder, file), 'utf8', 'Name a JSON file.')
  return parseDocument(text, file, schema)
}

function parseDocument<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): z.output<Schema> {
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
    throw new WrongUsageError(`${file} is not valid YAML: ${cause.message}`, 'Correct it there.')
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WrongUsageError(`${file} is not valid JSON: ${reason}.`, 'Correct it there.')
  }
}
