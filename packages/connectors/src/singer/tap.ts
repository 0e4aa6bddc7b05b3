/**
 * A tap with its configuration in a file that nobody else may read, and that goes when it is not needed any more.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFileMode, TemporaryFolder } from '@sluice/files'
import type { ConnectorContext } from '../contract/connector.ts'
import type { SingerOptions } from './options.ts'
import { runTap, type TapLine } from './run-tap.ts'

export class Tap implements AsyncDisposable {
  readonly name: string
  readonly #command: readonly string[]
  readonly #folder: TemporaryFolder
  readonly #context: ConnectorContext

  private constructor(command: readonly string[], folder: TemporaryFolder, context: ConnectorContext) {
    this.#command = command
    this.#folder = folder
    this.#context = context
    this.name = command[0] ?? ''
  }

  static async open(options: SingerOptions, context: ConnectorContext): Promise<Tap> {
    const tap = new Tap(options.command.map(String), new TemporaryFolder('sluice-tap-'), context)
    try {
      await tap.write('config.json', await configOf(options, context))
      return tap
    } catch (error) {
      await tap[Symbol.asyncDispose]()
      throw error
    }
  }

  /** A file for the tap; its path. */
  async write(name: string, content: unknown): Promise<string> {
    const path = join(await this.#folder.path(), name)
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), {
      mode: privateFileMode,
    })
    return path
  }

  /** Its lines; thrown is what it says when it does not end well. */
  async *run(flags: readonly string[]): AsyncGenerator<readonly TapLine[], void, undefined> {
    const config = join(await this.#folder.path(), 'config.json')
    yield* runTap([...this.#command, '--config', config, ...flags], this.#context)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]()
  }
}

async function configOf(
  { config = {}, secrets = {} }: SingerOptions,
  context: ConnectorContext,
): Promise<Readonly<Record<string, unknown>>> {
  let all: Readonly<Record<string, unknown>> = config
  for (const [name, reference] of Object.entries(secrets))
    all = withPart(all, name.split('.'), await context.secret(reference))
  return all
}

function withPart(
  map: Readonly<Record<string, unknown>>,
  [first = '', ...rest]: readonly string[],
  value: string,
): Readonly<Record<string, unknown>> {
  if (rest.length === 0) return { ...map, [first]: value }
  const within = map[first]
  const part = typeof within === 'object' && within !== null && !Array.isArray(within) ? { ...within } : {}
  return { ...map, [first]: withPart(part, rest, value) }
}
