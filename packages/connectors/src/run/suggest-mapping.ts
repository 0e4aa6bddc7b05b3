/**
 * A configuration to begin with, made of what a connector found: written to be read and changed by people.
 *
 * @module
 */
import type { Discovered, DiscoveredColumn, DiscoveredTable } from '../contract/discovered.ts'

/** What `export` of the source begins with, where it is not written yet. */
export interface GivenExport {
  readonly connector: string
  readonly options: Readonly<Record<string, unknown>>
}

/** Entity types, associations and the mappings of a source, as YAML. */
export function suggestMapping(source: string, { tables, notes }: Discovered, given?: GivenExport): string {
  const entities = tables.filter(({ kind }) => kind === 'entities')
  const links = tables.filter(({ kind }) => kind === 'links')
  const typeOf = new Map(entities.map(({ file, name }) => [file, typeName(name)]))
  const lines = [
    `# What was found in ${source}: take what you need, and give it the names that people know it by.`,
    ...notes.map((note) => `# ${note}`),
    'entityTypes:',
    ...entities.flatMap((table) => typeLines(table, typeOf)),
    ...(links.length === 0 ? [] : ['associations:', ...links.map((table) => associationLine(table, typeOf))]),
    'sources:',
    `  ${source}:`,
    '    export:',
    ...(given === undefined ? ['      # Beside the other options of the connector:'] : exportLines(given)),
    '      tables:',
    ...tables.map(({ file, options }) => `        ${file.replace(/\.csv$/, '')}: ${JSON.stringify(options)}`),
    '    entities:',
    ...entities.flatMap((table) => mappingLines(table)),
    ...(links.length === 0 ? [] : ['    associations:', ...links.map(linkLine)]),
  ]
  return `${lines.join('\n')}\n`
}

/** As JSON, which is YAML. */
function exportLines({ connector, options }: GivenExport): readonly string[] {
  const written = Object.entries({ connector, ...options }).filter(([name]) => name !== 'tables')
  return written.map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`)
}

function typeLines({ name, columns, rows }: DiscoveredTable, typeOf: ReadonlyMap<string, string>) {
  const seen = rows === undefined ? '' : `  # ${rows} seen`
  return [
    `  ${typeName(name)}:${seen}`,
    ...displayLines(columns),
    '    properties:',
    ...columns.map(
      (column) => `${margin('      ', column)}${propertyOf(column)}: ${typeOfColumn(column, typeOf)}`,
    ),
  ]
}

/** What people would call one of them by, where a column is named so. */
function displayLines(columns: readonly DiscoveredColumn[]): readonly string[] {
  const found = ['displayname', 'name', 'cn', 'title', 'label']
    .map((usual) => columns.find(({ name, minor }) => minor !== true && name.toLowerCase() === usual))
    .find((column) => column !== undefined)
  return found === undefined ? [] : [`    display: ${propertyOf(found)}`]
}

function typeOfColumn({ type, references }: DiscoveredColumn, typeOf: ReadonlyMap<string, string>): string {
  const target = references === undefined ? undefined : typeOf.get(references.file)
  return target === undefined ? type : `{type: reference, to: ${target}}`
}

function associationLine({ name, columns }: DiscoveredTable, typeOf: ReadonlyMap<string, string>): string {
  const [from, to] = columns.map(({ references }) => typeOf.get(references?.file ?? '') ?? 'Unknown')
  return `  ${propertyName(name)}: {from: ${from}, to: ${to}}`
}

function mappingLines({ name, file, columns, format }: DiscoveredTable): readonly string[] {
  const key = columns.find((column) => column.key === true)?.name ?? columns[0]?.name ?? ''
  return [
    `      ${typeName(name)}:`,
    `        file: ${file}`,
    ...(format === undefined ? [] : [`        format: ${JSON.stringify(format)}`]),
    `        key: ${propertyName(key)}`,
    '        properties:',
    ...columns.map((column) => `${margin('          ', column)}${propertyOf(column)}: ${columnOf(column)}`),
  ]
}

function columnOf({ name, references, transforms }: DiscoveredColumn): string {
  if (references === undefined && transforms === undefined) return JSON.stringify(name)
  const shaped = transforms === undefined ? '' : `, transforms: ${JSON.stringify(transforms)}`
  const by = references === undefined ? '' : `, by: ${propertyName(references.column)}`
  return `{column: ${JSON.stringify(name)}${shaped}${by}}`
}

function propertyOf({ name, property = propertyName(name) }: DiscoveredColumn): string {
  return property
}

function linkLine({ name, file, columns }: DiscoveredTable): string {
  const [from = '', to = ''] = columns.map(columnOf)
  return `      ${propertyName(name)}: {file: ${file}, from: ${from}, to: ${to}}`
}

/** What few rows have stands there as a comment. */
function margin(spaces: string, { minor }: DiscoveredColumn): string {
  return minor === true ? `${spaces}# ` : spaces
}

function typeName(name: string): string {
  const legal = propertyName(name)
  return `${legal.charAt(0).toUpperCase()}${legal.slice(1)}`
}

/** Letters, digits and underscores, with a letter first. */
function propertyName(name: string): string {
  const legal = name.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/^[^A-Za-z]+/, '')
  return legal === '' ? 'x' : legal.slice(0, 50)
}
