/**
 * Looks secrets up when they are needed, and keeps them out of everything that is printed afterwards.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readText } from '@sluice/files'
import type { Environment, SecretReference } from '@sluice/model'
import { ConnectorSecretError } from './connector-errors.ts'

const run = promisify(execFile)

/** Milliseconds that a program has to print a secret. */
const timeToPrint = 60_000
/** What is shorter could be a part of any word. */
const shortestHidden = 3

interface SecretsOf {
  readonly source: string
  readonly environment: Environment
  readonly resolvePath: (path: string) => string
  readonly workingFolder: string
  readonly signal: AbortSignal
}

export class Secrets {
  readonly #of: SecretsOf
  readonly #known = new Set<string>()

  constructor(of: SecretsOf) {
    this.#of = of
  }

  /** Throws `ConnectorSecretError`. */
  async read(reference: SecretReference): Promise<string> {
    const secret = await this.#find(reference)
    if (secret === '') throw new ConnectorSecretError(this.#of.source, 'it is empty.')
    if (secret.length >= shortestHidden) this.#known.add(secret)
    return secret
  }

  /** The text with `***` where a secret was. */
  hide(text: string): string {
    return [...this.#known].reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text)
  }

  async #find(reference: SecretReference): Promise<string> {
    if (typeof reference === 'string')
      return reference.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => this.#variable(name))
    if ('environment' in reference) return this.#variable(reference.environment)
    return 'file' in reference ? this.#fromFile(reference.file) : this.#printed(reference.command)
  }

  #variable(name: string): string {
    const value = this.#of.environment[name]
    if (value === undefined)
      throw new ConnectorSecretError(this.#of.source, `the environment variable "${name}" is not set.`)
    return value
  }

  async #fromFile(path: string): Promise<string> {
    try {
      return withoutLineEnd(await readText(this.#of.resolvePath(path)))
    } catch (error) {
      throw new ConnectorSecretError(this.#of.source, error instanceof Error ? error.message : String(error))
    }
  }

  async #printed(command: readonly unknown[]): Promise<string> {
    const [program = '', ...given] = command.map(String)
    const { workingFolder: cwd, environment: env, signal } = this.#of
    try {
      const { stdout } = await run(program, given, { cwd, env, signal, timeout: timeToPrint })
      return withoutLineEnd(stdout)
    } catch (error) {
      signal.throwIfAborted()
      throw new ConnectorSecretError(this.#of.source, `${program} ${whyNot(error)}.`)
    }
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}

/** Never what it printed. */
function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'was not found'
  if (typeof code === 'number') return `ended with status ${code}`
  return code === undefined || code === null ? 'did not end in time' : `could not be run (${String(code)})`
}
