/**
 * Checks the value of a YAML file against a schema; every deviation becomes a finding at its place.
 *
 * zod says what is wrong in terms of the schema. Here it is reported in terms of what the person wrote:
 * the likely branch of a union, the key that was probably meant, the value as it stands.
 *
 * @module
 */
import { z } from 'zod'
import { nearMatch } from '../near-match.ts'
import { encodingMeant } from '../source/file-encoding.ts'
import { type FindingCode, findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'
import type { YamlFile, YamlPath } from './yaml-file.ts'

/** The typed value, or `undefined` when it has findings. */
export function checkSchema<T>(file: YamlFile, schema: z.ZodType<T>, findings: Findings): T | undefined {
  if (file.value === undefined) return undefined
  return checkValue(file, { value: file.value, path: [] }, schema, findings)
}

/** A part of a file, or what was made of it. */
interface CheckedPart {
  readonly value: unknown
  /** Where it stands in the file. */
  readonly path: YamlPath
  /** Whether nobody knows what stands there, so that nothing is wrong with it. */
  readonly unknown?: (path: YamlPath) => boolean
}

/** The typed value of a part, or `undefined` when it has findings. */
export function checkValue<T>(
  file: YamlFile,
  { value, path: part, unknown = () => false }: CheckedPart,
  schema: z.ZodType<T>,
  findings: Findings,
): T | undefined {
  // The list of keys of an issue is passed on as it is, so it identifies the object that refused them.
  const knownKeys = new Map<readonly string[], readonly string[]>()
  const result = schema.safeParse(value, {
    reportInput: true,
    error: (issue) => {
      if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
        knownKeys.set(issue.keys, Object.keys(issue.inst.shape))
      }
      return undefined
    },
  })
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    for (const { code, path, part: of, message, remedy } of describeIssue({ file, knownKeys }, issue, part)) {
      if (!unknown(path)) findings.add(code, file.placeOf(path, of), message, { remedy })
    }
  }
  return undefined
}

interface Context {
  readonly file: YamlFile
  readonly knownKeys: ReadonlyMap<readonly string[], readonly string[]>
}

interface Draft {
  readonly code: FindingCode
  readonly path: YamlPath
  readonly part?: 'key'
  readonly message: string
  readonly remedy?: string | undefined
}

type Issue = z.core.$ZodIssue

function describeIssue(context: Context, issue: Issue, parent: YamlPath): readonly Draft[] {
  const path = [...parent, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return describeUnknownKeys(context, issue, path)
    case 'invalid_key':
      return [describeIllegalName(issue, path)]
    case 'invalid_union':
      return describeUnion(context, issue, path)
    case 'invalid_type':
      return [describeValue(context, path, kindMessage(issue), issue.input)]
    case 'invalid_value':
      return [describeChoice(context, path, issue.values.map(String), issue.input)]
    case 'invalid_format':
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
    case 'invalid_element':
    case 'custom':
      return [describeValue(context, path, boundMessage(issue), issue.input)]
  }
}

function describeUnknownKeys(
  { knownKeys }: Context,
  issue: z.core.$ZodIssueUnrecognizedKeys,
  path: YamlPath,
): readonly Draft[] {
  const known = knownKeys.get(issue.keys) ?? []
  return issue.keys.map((key) => unknownKey(path, key, suggestion(key, known)))
}

function unknownKey(path: YamlPath, key: string, remedy: string | undefined): Draft {
  const where = path.length === 0 ? 'in this file' : `in ${nameOf(path)}`
  return {
    code: findingCodes.unknownKey,
    path: [...path, key],
    part: 'key',
    message: `There is no key "${key}" ${where}.`,
    remedy,
  }
}

/** The key of a map that was probably meant to be this one. */
function meant(name: string, map: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(map).find((key) => nearMatch(key, [name]) !== undefined)
}

function describeIllegalName(issue: z.core.$ZodIssueInvalidKey, path: YamlPath): Draft {
  const name = String(path.at(-1))
  const legal = name
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 50)
  return {
    code: findingCodes.name,
    path,
    part: 'key',
    message: `"${name}" is not a legal name: it ${issue.issues[0]?.message ?? 'is not allowed'}.`,
    remedy: legal === '' ? undefined : `Write for example "${legal}".`,
  }
}

/** Follows the branch that the person had in mind, recognized by the kind of value that stands there. */
function describeUnion(
  context: Context,
  issue: z.core.$ZodIssueInvalidUnion,
  path: YamlPath,
): readonly Draft[] {
  if (issue.discriminator !== undefined && 'options' in issue) {
    return [describeDiscriminator(context, issue.discriminator, issue, path)]
  }
  const fitting = issue.errors.filter((branch) => branch.length > 0 && !branch.some(isOfOtherKind))
  const branch = fitting.length > 1 && isObject(issue.input) ? nearest(fitting) : fitting[0]
  // Several branches of the same kind of value, such as `off` and `10%`: the union's own words say it best.
  if (branch === undefined || (fitting.length > 1 && !isObject(issue.input))) {
    return [describeValue(context, path, issue.message, issue.input)]
  }
  return branch.flatMap((inner) => describeIssue(context, inner, path))
}

/** The key by which one map is told from another is misspelt, missing or has no such value. */
function describeDiscriminator(
  context: Context,
  name: string,
  { input, ...issue }: z.core.$ZodIssueInvalidUnion,
  path: YamlPath,
): Draft {
  const map = isObject(input) ? input : {}
  const misspelt = map[name] === undefined ? meant(name, map) : undefined
  // Without it nothing else in the map can be judged.
  if (misspelt !== undefined) {
    const of = path.at(-1) === name ? path.slice(0, -1) : path
    return unknownKey(of, misspelt, `Did you mean "${name}"?`)
  }
  const options = 'options' in issue ? (issue.options ?? []).map(String) : []
  return describeChoice(context, path, options, map[name])
}

/** Of maps, the one that has the fewest mistakes; none where two have. */
function nearest(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const mistakes = (branch: readonly Issue[]) =>
    branch.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
  const [first, second] = [...branches].sort((a, b) => mistakes(a) - mistakes(b))
  if (first === undefined || second === undefined) return first
  return mistakes(first) < mistakes(second) ? first : undefined
}

/** The branch of a union wants another kind of value than the one that stands there. */
function isOfOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_type') return true
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isOfOtherKind))
  return issue.code === 'invalid_value' && (typeof issue.input !== 'string' || issue.values.length === 1)
}

const kinds: Readonly<Record<string, string>> = {
  object: 'a map of keys and values',
  record: 'a map of names',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function kindMessage(issue: z.core.$ZodIssueInvalidType): string {
  // A schema with words of its own says it better.
  if (!issue.message.startsWith('Invalid input')) return issue.message
  return `must be ${kinds[issue.expected] ?? issue.expected}`
}

function boundMessage(issue: Issue): string {
  if (issue.code === 'too_small' && issue.origin !== 'string' && issue.origin !== 'array') {
    return `must be ${issue.minimum} or more`
  }
  return issue.message
}

function describeValue({ file }: Context, path: YamlPath, message: string, input: unknown): Draft {
  const code = findingCodes.wrongValue
  if (input === undefined) {
    const where = path.length < 2 ? '' : ` in ${nameOf(path.slice(0, -1))}`
    return { code, path, message: `"${String(path.at(-1))}" is missing${where}.` }
  }
  const subject = path.length === 0 ? 'The file' : nameOf(path)
  if (input === null) return { code, path, message: `${subject} ${message}, but it is empty.` }
  const written = file.textAt(path)
  const found = written === undefined ? '' : `, not "${written}"`
  return { code, path, message: `${subject} ${message}${found}.` }
}

function describeChoice(context: Context, path: YamlPath, options: readonly string[], input: unknown): Draft {
  const written = context.file.textAt(path)
  if (input === undefined || written === undefined) {
    return describeValue(context, path, `must be one of ${options.join(', ')}`, input)
  }
  return {
    code: findingCodes.wrongValue,
    path,
    message: `${nameOf(path)} cannot be "${written}".`,
    remedy: needsMore.get(written) ?? suggestion(otherName(written, options) ?? written, options),
  }
}

/** Types that need more than their name. */
const needsMore: ReadonlyMap<string, string> = new Map([
  ['reference', 'Add the entity type: {type: reference, to: …}.'],
  ['enum', 'Add the values: {type: enum, values: […]}.'],
])

/** The option that goes by the written name elsewhere. */
function otherName(written: string, options: readonly string[]): string | undefined {
  const meant = encodingMeant(written)
  return meant !== undefined && options.includes(meant) ? meant : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** The last name of a path, as a person would say where something is. */
function nameOf(path: YamlPath): string {
  const last = path.at(-1)
  if (typeof last === 'number') return `"${String(path.at(-2))}" (item ${last + 1})`
  return `"${String(last)}"`
}
