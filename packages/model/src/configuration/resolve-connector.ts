/**
 * The connector that writes the files of a source, with its options.
 *
 * Variables are put in where they are no secrets; a secret stays a reference until the connector asks for it.
 *
 * @module
 */
import { z } from 'zod'
import { plainPath } from '../source/mapped-tables.ts'
import type { ConnectorExport } from '../source/source.ts'
import { checkValue } from './check-schema.ts'
import { millisecondsOf } from './common-schema.ts'
import type { CheckedConnector, WrittenTable } from './connectors.ts'
import { type Definition, placeIn } from './definition.ts'
import type { ExportContext } from './export-context.ts'
import { fillIn, hasVariables, variablesIn } from './fill-in.ts'
import { findingCodes } from './finding.ts'
import { suggestion } from './names.ts'
import { secretPaths } from './secret-paths.ts'
import type { ConnectorInput, SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

/** What a source says beside `connector` that is the same for all of them. */
const commonKeys = ['connector', 'timeout', 'retries']

export function resolveConnector(
  source: Definition<SourceInput>,
  input: ConnectorInput,
  context: ExportContext,
): ConnectorExport {
  const { workingFolder, connectors, findings } = context
  const written = Object.fromEntries(Object.entries(input).filter(([key]) => !commonKeys.includes(key)))
  const found = connectors?.find(source.file.path, input.connector)
  const resolved = {
    connector: input.connector,
    workingFolder,
    timeout: millisecondsOf(input.timeout ?? '1h'),
    retries: input.retries ?? 3,
  }
  if (found !== undefined && 'problem' in found) {
    const { problem, remedy } = found
    findings.add(findingCodes.unknownName, placeIn(source, ['export', 'connector']), problem, { remedy })
  }
  if (found === undefined || 'problem' in found)
    return { ...resolved, options: written, secrets: [], unset: [] }
  const schema: unknown = z.toJSONSchema(found.schema, { io: 'input', unrepresentable: 'any' })
  const secrets = secretPaths(schema, written)
  warnOfSecrets(source, written, secrets, context)
  const { value, unset } = filled(source, written, secrets, context)
  checkOptions(source, found, { value, unset }, context)
  return {
    ...resolved,
    options: value,
    secrets: secrets.map((path) => path.map(String)),
    unset: unset.flatMap(({ names }) => names),
  }
}

interface Filled {
  readonly value: Readonly<Record<string, unknown>>
  /** Texts with variables that are not set: they stay as they are written. */
  readonly unset: readonly { readonly path: YamlPath; readonly names: readonly string[] }[]
}

function filled(
  source: Definition<SourceInput>,
  written: Readonly<Record<string, unknown>>,
  secrets: readonly YamlPath[],
  { environment, findings }: ExportContext,
): Filled {
  const unset: { readonly path: YamlPath; readonly names: readonly string[] }[] = []
  const fill = (value: unknown, path: YamlPath): unknown => {
    if (secrets.some((secret) => sameSteps(secret, path))) return value
    if (Array.isArray(value)) return value.map((item, index) => fill(item, [...path, index]))
    if (isMap(value)) return filledMap(value, path)
    if (typeof value !== 'string') return value
    const text = fillIn(value, {
      place: () => placeIn(source, ['export', ...path]),
      environment,
      findings,
      // A server knows the same sources and exports none of them.
      severity: 'warning',
      remedy: 'Set it on the machine where the export runs.',
    })
    if (text !== undefined) return text
    unset.push({ path, names: variablesIn(value).filter((name) => environment[name] === undefined) })
    return value
  }
  const filledMap = (map: Readonly<Record<string, unknown>>, path: YamlPath) =>
    Object.fromEntries(Object.entries(map).map(([key, part]) => [key, fill(part, [...path, key])]))
  return { value: filledMap(written, []), unset }
}

/** One that stands there for everybody to read, and one that this process would not find. */
function warnOfSecrets(
  source: Definition<SourceInput>,
  written: unknown,
  secrets: readonly YamlPath[],
  { environment, findings }: ExportContext,
): void {
  for (const path of secrets) {
    const secret = partAt(written, path)
    const place = placeIn(source, ['export', ...path])
    if (typeof secret === 'string' && !hasVariables(secret)) {
      const name = String(path.at(-1))
      findings.add(findingCodes.exposed, place, `"${name}" stands in the file as plain text.`, {
        severity: 'warning',
        remedy: `Take it from elsewhere: ${name}: \${NAME}, {environment: NAME}, {file: path} or {command: [program]}.`,
      })
    }
    const named = isMap(secret) && typeof secret['environment'] === 'string' ? [secret['environment']] : []
    const names = typeof secret === 'string' ? variablesIn(secret) : named
    for (const name of names.filter((one) => environment[one] === undefined))
      findings.add(findingCodes.environment, place, `The environment variable "${name}" is not set.`, {
        severity: 'warning',
        remedy: 'Set it on the machine where the export runs.',
      })
  }
}

function checkOptions(
  source: Definition<SourceInput>,
  { schema, tables }: CheckedConnector,
  { value, unset }: Filled,
  { findings }: ExportContext,
): void {
  const path = [...source.path, 'export']
  const unknown = (at: YamlPath) => unset.some((one) => sameSteps([...path, ...one.path], at))
  const options = checkValue(source.file, { value, path, unknown }, schema, findings)
  if (options !== undefined && unset.length === 0) checkMapped(source, tables(value), findings)
}

/** Every file that is mapped has to be one that the connector writes, with these columns. */
function checkMapped(
  source: Definition<SourceInput>,
  tables: readonly WrittenTable[],
  findings: ExportContext['findings'],
): void {
  const files = tables.map(({ file }) => file)
  for (const section of ['entities', 'associations'] as const) {
    for (const [name, { file }] of Object.entries(source.value[section] ?? {})) {
      if (file === undefined || files.includes(plainPath(file))) continue
      const message = `The connector of the source writes no file "${file}".`
      const remedy = suggestion(file, files) ?? `It writes ${files.join(', ')}.`
      findings.add(findingCodes.unknownName, placeIn(source, [section, name, 'file']), message, { remedy })
    }
  }
}

function partAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
    value,
  )
}

function sameSteps(one: YamlPath, other: YamlPath): boolean {
  return one.length === other.length && one.every((key, index) => String(key) === String(other[index]))
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
