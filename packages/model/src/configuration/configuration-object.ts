/**
 * A configuration that is an object of a program, in place of a file.
 *
 * It is read as the text that it would be in a file, so there is one way for both; but its places are paths within it, for nobody sees
 * the lines of that text.
 *
 * @module
 */
import type { z } from 'zod'
import type { projectSchema } from './project-schema.ts'
import type { ConfigurationFile, YamlPath } from './yaml-file.ts'

/** What `sluice.yaml` holds, as an object: docs/configuration.md has every key. */
export type ConfigurationObject = z.input<typeof projectSchema>

/** `path`: what relative paths within it are relative to, as if it were such a file. */
export function fileOfObject(path: string, configuration: ConfigurationObject): ConfigurationFile {
  return { path, text: JSON.stringify(configuration, plain, 2), isObject: true }
}

/** JSON knows no such numbers, and a number of that size is legal where a text is. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** `sources.hr.entities.Person.key`, `jobs.nightly.steps[0]`; of the whole, `configuration`. */
export function pathWithin(path: YamlPath): string {
  const parts = path.map((key) => {
    const name = String(key)
    if (typeof key === 'number') return `[${name}]`
    return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
  })
  return parts.length === 0 ? 'configuration' : parts.join('').replace(/^\./, '')
}
