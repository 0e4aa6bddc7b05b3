/**
 * Where the repository lies and how source files are prepared.
 *
 * @module
 */
import { bytesOf } from './common-schema.ts'
import type { PrepareSettings, RepositoryLocation } from './configuration.ts'
import { readDatabaseUrl } from './database-url.ts'
import { type Environment, fillIn } from './fill-in.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { ProjectInput } from './project-schema.ts'
import type { ResolvePath } from './resolve-source.ts'
import type { YamlFile, YamlPath } from './yaml-file.ts'

/** Less than this DuckDB cannot work with. */
const minimumMemory = 64_000_000

export function resolveRepository(
  file: YamlFile,
  input: ProjectInput['repository'],
  environment: Environment,
  resolvePath: ResolvePath,
  findings: Findings,
): RepositoryLocation {
  const asFolder = (path: string): RepositoryLocation => ({
    kind: 'folder',
    path: resolvePath(file.path, path),
  })
  const asUrl = (text: string, path: YamlPath, schema = 'sluice'): RepositoryLocation => {
    // Percent-encoded as a part of it, so that a password may hold any character.
    const place = () => file.placeOf(path)
    const url = fillIn(text, { place, environment, findings, encode: encodeURIComponent }) ?? ''
    const read = url === '' ? undefined : readDatabaseUrl(url, environment)
    if (read !== undefined && 'problem' in read)
      findings.add(findingCodes.wrongValue, file.placeOf(path), read.problem, { remedy: read.remedy })
    return { kind: 'postgres', url, schema }
  }

  if (input === undefined) return asFolder('./repository')
  const path = ['repository']
  if (typeof input === 'string') {
    return /:\/\/|^\$\{/.test(input) ? asUrl(input, path) : asFolder(input)
  }
  if (input.url !== undefined && input.folder === undefined) {
    return asUrl(input.url, [...path, 'url'], input.schema)
  }
  if (input.folder === undefined || input.url !== undefined) {
    findings.add(
      findingCodes.wrongValue,
      file.placeOf(path, 'key'),
      'The repository is either a folder or a URL.',
      {
        remedy: 'Write {folder: …} or {url: …, schema: …}.',
      },
    )
  } else if (input.schema !== undefined) {
    const message = 'A folder holds one repository and takes no schema.'
    findings.add(findingCodes.wrongValue, file.placeOf([...path, 'schema'], 'key'), message)
  }
  return asFolder(input.folder ?? './repository')
}

export function resolvePrepare(
  file: YamlFile,
  input: ProjectInput['prepare'],
  resolvePath: ResolvePath,
  findings: Findings,
): PrepareSettings {
  const memoryLimit = bytesOf(input?.memoryLimit ?? '512MB')
  if (memoryLimit < minimumMemory) {
    const message = `A memory limit of ${input?.memoryLimit} is too small to sort with.`
    findings.add(findingCodes.wrongValue, file.placeOf(['prepare', 'memoryLimit']), message, {
      remedy: 'Give it 64MB or more.',
    })
  }
  return {
    memoryLimit,
    tempFolder: input?.tempFolder === undefined ? undefined : resolvePath(file.path, input.tempFolder),
    maximumFieldSize: bytesOf(input?.maximumFieldSize ?? '16MB'),
  }
}
