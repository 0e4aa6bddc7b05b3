/**
 * Pages that begin in an empty folder, and bring the files that they need.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { callCommandLine } from '../packages/cli/test/call-command-line.ts'
import { playPage, wordsOf } from '../tools/tutorial.ts'
import { type DatabaseKind, testLocation } from './databases.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Programs that a page may call beside ours, because everybody has them. */
const others: ReadonlySet<string> = new Set([
  'cat',
  'cp',
  'mkdir',
  'mv',
  'pg_dump',
  'pg_restore',
  'psql',
  'rm',
  'sed',
  'touch',
])

/** Pages of which each block is played, with a repository on a server. */
export const playedPages = [
  'first-hour',
  'held-runs',
  'thresholds',
  'similar-sources',
  'display-names',
  'dropped-files',
  'connectors-files',
  'connectors-singer',
  'library',
  'stored-sources',
  'retention',
] as const

export interface PlayOptions {
  readonly kind?: Exclude<DatabaseKind, 'pglite'>
  /** The page is about where a repository lies: one in a folder stays there. */
  readonly keepsFolders?: boolean
}

/** `docs/NAME.md`, with what its commands print in a folder of its own and a repository on a server. */
export async function playDocumentedPage(
  name: string,
  { kind = 'postgres-18', keepsFolders = false }: PlayOptions = {},
): Promise<{ path: string; played: string }> {
  const path = join(root, 'docs', `${name}.md`)
  await using place = await testLocation(kind)
  if (place.location.kind !== 'postgres') throw new Error('A page is played on a server.')
  const player = new PagePlayer(await mkdtemp(join(tmpdir(), 'sluice-page-')), place.location, keepsFolders)
  try {
    await installLibrary(player.start)
    const played = await playPage(
      await readFile(path, 'utf8'),
      (command) => player.play(command),
      (file, text) => player.write(file, text),
    )
    return { path, played }
  } finally {
    await rm(player.start, { recursive: true, force: true })
  }
}

/** So that a program in the folder may import `sluice`: the sources, in place of what is built of them. */
async function installLibrary(folder: string): Promise<void> {
  const library = join(folder, 'node_modules', 'sluice')
  await mkdir(library, { recursive: true })
  const sources = new URL('../packages/project/src/index.ts', import.meta.url)
  await writeFile(join(library, 'index.mjs'), `export * from '${sources}'\n`)
  await writeFile(join(library, 'package.json'), '{"name": "sluice", "exports": "./index.mjs"}\n')
}

class PagePlayer {
  readonly start: string
  #folder: string
  readonly #place: { readonly url: string; readonly schema: string }
  readonly #keepsFolders: boolean

  constructor(
    start: string,
    place: { readonly url: string; readonly schema: string },
    keepsFolders: boolean,
  ) {
    this.start = start
    this.#folder = start
    this.#place = place
    this.#keepsFolders = keepsFolders
  }

  get #repository(): string {
    return `repository: {url: "${this.#place.url}", schema: ${this.#place.schema}}`
  }

  async write(file: string, text: string): Promise<void> {
    const path = join(this.#folder, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, this.#onServer(text))
  }

  async play(command: string): Promise<string> {
    const [program = '', ...args] = wordsOf(this.#withDatabase(command))
    if (program === 'sluice') return await this.#playSluice(args)
    if (program === 'cd') this.#folder = join(this.#folder, args[0] ?? '')
    else if (program === 'node') return await this.#call(process.execPath, args)
    else if (others.has(program)) return await this.#call(program, args)
    else throw new Error(`${program} is no program that a page may call.`)
    return ''
  }

  async #playSluice(args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await callCommandLine(this.#folder, args, { user: 'olga' })
    if (args[0] === 'init') {
      const path = join(this.#folder, args[1] ?? '', 'sluice.yaml')
      await writeFile(path, this.#onServer(await readFile(path, 'utf8')))
    }
    return this.#asWritten(`${stdout}${withoutProgress(stderr)}`)
  }

  async #call(program: string, args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(program, args, { cwd: this.#folder })
    return this.#asWritten(stdout)
  }

  #onServer(text: string): string {
    return text.replace(this.#keepsFolders ? /^repository: \{url.*$/m : /^repository: .*$/m, this.#repository)
  }

  /** What a shell would put in the place of the variable, and the schema that the repository has here. */
  #withDatabase(command: string): string {
    const { url, schema } = this.#place
    return command
      .replaceAll('"$SLUICE_DATABASE"', url)
      .replace(/(?<=--schema=|drop schema )sluice\b/, schema)
  }

  /** As somebody else sees it, elsewhere and on another day. A column of times is as wide as the longest in it. */
  #asWritten(text: string): string {
    return text
      .replaceAll(this.#repository, 'repository: ./repository')
      .replaceAll(this.start, '/srv')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-11-30 08:00:00')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2024-01-31T08:00:00.000Z')
      .replaceAll(/\d+ d(?: \d+ h)? ago/g, '700 d ago')
      .replaceAll(/(?<=since )\d{4}-\d\d-\d\d \d\d:\d\d(?= UTC)/g, '2026-11-30 08:00')
      .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '9260a010-e577-4f9a-8f54-5e91077586a7')
      .replaceAll(/^((?:history|runs|rejected rows|deliveries) +\d+) +\d+(?:\.\d)? K?B$/gm, '$1  1.2 KB')
      .replaceAll(/^(?:\n(?=Took .*\n\n))?Took .*\n/gm, '')
      .replaceAll(/(?<=:\d\d) +\d+(\.\d+)? m?s\b/g, '  1.0 s')
      .replaceAll(/(?<=:\d\d) {9,}\d+(?= {2})/g, (cells) => cells.trim().padStart(16))
      .replaceAll(/(?<=started \(UTC\)) +took/g, '         took')
      .replaceAll(/ +$/gm, '')
  }
}

/** What takes longer than usual, on a machine with much else to do, is told every few seconds. */
function withoutProgress(stderr: string): string {
  const stages = 'export|prepare|deliver|receive|translate|reconcile|resolve|guard|apply'
  return stderr.replaceAll(new RegExp(`^\\w+ (?:${stages})\\b.*\\n`, 'gm'), '')
}
