/**
 * Mappings to be proposed for a preview: the texts that people begin with, made of what is mapped, or of what was suggested.
 *
 * @module
 */
type Values = Readonly<Record<string, unknown>>

/** What a proposal may say of a mapping, in the order in which it is written. */
const parts = ['file', 'format', 'key', 'where', 'absent', 'timeZone'] as const

/** The mapping of an entity type as it is, of a source's definition as the server gives it. */
export function proposalOfMapping(source: string, effective: Values, mapping: string): string {
  const written = valuesIn(valuesIn(effective['entities'])[mapping])
  const properties = Object.entries(valuesIn(written['properties']))
  const lines = [
    'sources:',
    `  ${source}:`,
    '    entities:',
    `      ${mapping}:`,
    ...parts
      .filter((part) => written[part] !== undefined)
      .map((part) => `        ${part}: ${flow(written[part])}`),
    '        properties:',
    ...properties.map(([name, value]) => `          ${name}: ${flow(value)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** A word as it is; anything else as JSON, which is YAML. */
function flow(value: unknown): string {
  return typeof value === 'string' &&
    /^[A-Za-z][\w./-]*$/.test(value) &&
    !/^(?:true|false|null)$/i.test(value)
    ? value
    : JSON.stringify(value)
}

/** Of a whole suggestion the mapping of one file, with its entity type and those that it refers to; `undefined`: it has none of it. */
export function proposalOfSuggestion(source: string, suggestion: string, file: string): string | undefined {
  const lines = suggestion.split('\n')
  const mapping = blocksOf(lines, '    entities:').find((block) => block.includes(`        file: ${file}`))
  if (mapping === undefined) return undefined
  const types = new Map(blocksOf(lines, 'entityTypes:').map((block) => [nameOf(block), block]))
  const wanted: string[] = []
  const want = (name: string) => {
    const block = types.get(name)
    if (block === undefined || wanted.includes(name)) return
    wanted.push(name)
    for (const [, to = ''] of block.join('\n').matchAll(/\bto: (\w+)\}/g)) want(to)
  }
  want(nameOf(mapping))
  const chosen = wanted.flatMap((name) => types.get(name) ?? [])
  return ['entityTypes:', ...chosen, 'sources:', `  ${source}:`, '    entities:', ...mapping, ''].join('\n')
}

function nameOf([first = '']: readonly string[]): string {
  return first.trim().split(':')[0] ?? ''
}

/** What stands below a line, each part of it as its lines. */
function blocksOf(lines: readonly string[], head: string): readonly (readonly string[])[] {
  const start = lines.indexOf(head)
  if (start < 0) return []
  const indent = head.length - head.trimStart().length
  const blocks: string[][] = []
  for (const line of lines.slice(start + 1)) {
    const depth = line.length - line.trimStart().length
    if (line.trim() === '' || depth <= indent) break
    if (depth === indent + 2) blocks.push([line])
    else blocks.at(-1)?.push(line)
  }
  return blocks
}

function valuesIn(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
