/**
 * One named thing of a configuration together with the file it was written in.
 *
 * @module
 */
import type { Place } from '../errors.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { YamlFile, YamlPath } from './yaml-file.ts'

export interface Definition<T> {
  readonly name: string
  readonly value: T
  readonly file: YamlFile
  readonly path: YamlPath
}

/** Names and where they were defined; a name in a second file is a finding. */
export function collectDefinitions<T>(
  section: string,
  parts: readonly { readonly file: YamlFile; readonly entries: Readonly<Record<string, T>> | undefined }[],
  findings: Findings,
): ReadonlyMap<string, Definition<T>> {
  const definitions = new Map<string, Definition<T>>()
  for (const { file, entries } of parts) {
    for (const [name, value] of Object.entries(entries ?? {})) {
      const first = definitions.get(name)
      if (first === undefined) {
        definitions.set(name, { name, value, file, path: [section, name] })
      } else {
        const { line } = first.file.placeOf(first.path, 'key')
        const where = line === undefined ? first.file.path : `${first.file.path}, line ${line},`
        const message = `"${name}" is defined in ${where} already.`
        findings.add(findingCodes.definedTwice, file.placeOf([section, name], 'key'), message, {
          remedy: 'Keep one of the two.',
        })
      }
    }
  }
  return definitions
}

/** Place of a part of a definition. */
export function placeIn(definition: Definition<unknown>, path: YamlPath, part?: 'key' | 'value'): Place {
  return definition.file.placeOf([...definition.path, ...path], part)
}

/** A scalar below a definition, as it was written. */
export function textIn(definition: Definition<unknown>, path: YamlPath): string {
  return definition.file.textAt([...definition.path, ...path]) ?? ''
}

/** Whether a value has a part, by its path. */
export function isThere(value: unknown, path: YamlPath): boolean {
  const [key, ...rest] = path
  if (key === undefined) return true
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  return isThere(Reflect.get(value, key), rest)
}
