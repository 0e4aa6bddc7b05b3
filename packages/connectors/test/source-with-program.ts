/**
 * A source whose files a program writes, for tests: the program is a few lines of shell, or of Node.
 *
 * @module
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { acknowledgedCookies, answersFor } from '@sluice/agent'
import type { DeliveryMode, ExportProgram, Source } from '@sluice/model'
import { prepare } from '@sluice/prepare'
import type { PreparedFile } from '@sluice/protocol'
import {
  association,
  entity,
  model,
  settings,
  sourceOf,
  temporaryFolder,
} from '../../prepare/test/prepare-text.ts'
import type { ExportRequest, ProgramLine } from '../src/contract/export-request.ts'
import type { Exported } from '../src/contract/exported.ts'
import { exportedFiles, exportSource } from '../src/export-source.ts'

const mappings = {
  entities: [entity(['id', 'name'])],
  associations: [association('id', 'friend')],
}

export class SourceWithProgram implements AsyncDisposable {
  readonly path: string
  readonly state: string
  readonly lines: ProgramLine[] = []
  readonly #folder: AsyncDisposable

  private constructor(folder: { readonly path: string } & AsyncDisposable) {
    this.#folder = folder
    this.path = folder.path
    this.state = join(folder.path, 'state')
  }

  static async open(): Promise<SourceWithProgram> {
    return new SourceWithProgram(await temporaryFolder())
  }

  get folder(): string {
    return join(this.path, 'hr')
  }

  source(program: Partial<ExportProgram> = {}): Source {
    return {
      ...sourceOf(this.folder, mappings),
      export: {
        command: ['true'],
        workingFolder: this.path,
        environment: {},
        timeout: 30_000,
        requireStatement: false,
        ...program,
      },
    }
  }

  /** Exports by a shell script; `people` and `members` write the two mapped files, under another header if one is given. */
  async sh(
    script: string,
    mode: DeliveryMode = 'complete',
    { program, ...request }: { program?: Partial<ExportProgram> } & Partial<ExportRequest> = {},
  ): Promise<Exported> {
    const functions = [
      'table() { { echo "$2"; cat; } > "$SLUICE_FOLDER/$1"; }',
      'people() { if [ $# = 0 ]; then table people.csv id,name; else table people.csv "$1"; fi; }',
      'members() { if [ $# = 0 ]; then table members.csv id,friend; else table members.csv "$1"; fi; }',
      'state() { echo "$1" > "$SLUICE_STATEMENT"; }',
    ]
    const command: [string, ...string[]] = ['sh', '-c', [...functions, script].join('\n')]
    const source = request.source ?? this.source({ command, ...program })
    return exportSource({
      source,
      mode,
      answerOf: answersFor(source, mode, this.state),
      cookies: acknowledgedCookies(this.state),
      log: (line) => void this.lines.push(line),
      ...request,
    })
  }

  /** The files as a stage behind the export finds them. */
  found(mode: DeliveryMode = 'complete'): Promise<Exported> {
    const source = this.source()
    return exportedFiles({ source, mode, answerOf: answersFor(source, mode, this.state) })
  }

  /** Prepares what was exported; what was counted of each mapping. */
  async prepare(exported: Exported, source: Source = this.source()): Promise<readonly PreparedFile[]> {
    const { manifest } = await prepare({
      source,
      model: model('many-to-many'),
      mode: exported.mode,
      exported,
      folder: join(this.path, 'prepared'),
      settings,
    })
    return manifest.files
  }

  text(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8')
  }

  /** Everything beside the source's folder, the state apart. */
  async around(): Promise<readonly string[]> {
    return (await readdir(this.path)).filter((name) => name !== 'state').sort()
  }

  /** As if a delivery with these cookies had been acknowledged; `older`: the file of Person is of one before. */
  async acknowledge(cookies: Readonly<Record<string, string>>, { older = false } = {}): Promise<void> {
    const previous = join(this.state, 'previous')
    await mkdir(join(previous, 'cookies'), { recursive: true })
    for (const [name, text] of Object.entries(cookies)) {
      await writeFile(join(previous, 'cookies', name), text)
    }
    const file = {
      mapping: 'Person',
      name: 'Person.sorted.csv',
      size: 0,
      sha256: '',
      columns: ['id'],
      reading: {},
    }
    const files = [{ ...file, delivery: older ? 'd1' : 'd2' }]
    await writeFile(join(previous, 'reference.json'), JSON.stringify({ version: 1, delivery: 'd2', files }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]()
  }
}
