/**
 * Passwords and the like: in the file, from the environment, or in a file of their own.
 *
 * @module
 */
import type { Secret } from '../notification/receiver.ts'
import { type Environment, fillIn, hasVariables } from './fill-in.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { ResolvePath } from './resolve-source.ts'
import type { YamlFile, YamlPath } from './yaml-file.ts'

export interface SecretContext {
  readonly file: YamlFile
  readonly environment: Environment
  readonly resolvePath: ResolvePath
  readonly findings: Findings
}

interface SecretKeys {
  /** Of the map that both keys stand in. */
  readonly path: YamlPath
  /** The key of the secret; that of the file has `File` behind it. */
  readonly key: 'password' | 'secret' | 'clientSecret'
  /** Says what is wrong with a secret, and never the secret. */
  readonly problemOf?: (text: string) => { readonly message: string; readonly remedy: string } | undefined
}

/** `undefined` where neither is written. */
export function resolveSecret(
  context: SecretContext,
  { path, key, problemOf }: SecretKeys,
): Secret | undefined {
  const { file, resolvePath, findings } = context
  const ofFile = `${key}File`
  const [written, named] = [file.textAt([...path, key]), file.textAt([...path, ofFile])]
  if (written !== undefined && named !== undefined) {
    const message = `There is both a ${key} and a file with a ${key}.`
    findings.add(findingCodes.wrongValue, file.placeOf([...path, ofFile], 'key'), message, {
      remedy: 'Keep one of the two.',
    })
  }
  if (named !== undefined) return { kind: 'file', path: resolvePath(file.path, named) }
  if (written === undefined) return undefined
  const place = () => file.placeOf([...path, key])
  if (!hasVariables(written)) {
    findings.add(findingCodes.exposed, place(), `The ${key} stands in the file as plain text.`, {
      severity: 'warning',
      remedy: `Take it from the environment, with ${key}: \${NAME}, or from a ${ofFile}.`,
    })
  }
  const secret = fromEnvironment(context, [...path, key], written)
  const problem = secret.kind === 'known' ? problemOf?.(secret.text) : undefined
  if (problem !== undefined) {
    findings.add(findingCodes.wrongValue, place(), problem.message, { remedy: problem.remedy })
  }
  return secret
}

/** A text that may hold variables. Where one is not set, that is a warning: a process that sends nothing does not need it. */
export function fromEnvironment(
  { file, environment, findings }: SecretContext,
  path: YamlPath,
  written: string,
): Secret {
  const text = fillIn(written, {
    place: () => file.placeOf(path),
    environment,
    findings,
    severity: 'warning',
    remedy: 'Set it where it is needed: at the server, or where sources are synchronized.',
  })
  return text === undefined ? { kind: 'missing', written } : { kind: 'known', text }
}
