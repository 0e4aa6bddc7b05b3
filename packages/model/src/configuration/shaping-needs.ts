/**
 * Whether a file shapes values, and with which tables: known before it is read as a configuration, so that what is needed for it
 * can be loaded.
 *
 * @module
 */
import { Findings } from './findings.ts'
import { type ConfigurationFile, readYaml } from './yaml-file.ts'

export interface ShapingNeeds {
  /** It has expressions or patterns. */
  readonly checks: boolean
  /** Files of tables, as they are written. */
  readonly tables: readonly string[]
}

/** As far as the text can be read. */
export function shapingNeeds(file: ConfigurationFile): ShapingNeeds {
  // Most projects shape nothing, and need not be read twice.
  if (!/\b(?:where|expression|transforms|table)\b/.test(file.text)) return { checks: false, tables: [] }
  const found = [...partsOf(readYaml(file, new Findings()).value)]
  const tables = found.flatMap(({ key, value }) => (key === 'table' ? fileOf(value) : []))
  return { checks: found.some(({ key }) => checked.has(key)), tables: [...new Set(tables)] }
}

const checked: ReadonlySet<string> = new Set(['where', 'expression', 'transforms'])

/** Every value with its key, however deep. */
function* partsOf(value: unknown): Generator<{ readonly key: string; readonly value: unknown }> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    yield { key, value: inner }
    yield* partsOf(inner)
  }
}

function fileOf(table: unknown): readonly string[] {
  const file: unknown = typeof table === 'object' && table !== null ? Reflect.get(table, 'file') : undefined
  return typeof file === 'string' ? [file] : []
}
