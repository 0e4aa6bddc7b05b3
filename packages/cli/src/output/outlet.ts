/**
 * Where text goes: standard output for results, standard error for everything else.
 *
 * An outlet knows whether a person is looking, how wide the window is and whether it takes colours.
 * A reader that went away (`| head`) is no error: writing then answers `false`, and whoever writes stops. Nor does a disk that is full end
 * anything here: what is written to standard error is lost until there is room again, and of results the end of the process tells.
 *
 * @module
 */
import { writeSync } from 'node:fs'
import { Writable } from 'node:stream'
import picocolors from 'picocolors'
import { asTyped } from '../invocation.ts'
import { commandsTerminal } from './commands-terminal.ts'

export type Colors = ReturnType<typeof picocolors.createColors>

export interface OutletOptions {
  /** `undefined`: where a terminal is. */
  readonly color: boolean | undefined
  /** CSV is for a spreadsheet, which must not take a value for a formula. */
  readonly escapesFormulas?: boolean | undefined
  /** Goes on when there is room again; else what comes after a gap would be taken for all. */
  readonly skips?: boolean | undefined
  /** What is typed to start this program; `sluice` when absent. */
  readonly program?: (() => string) | undefined
}

/** A standard stream, or whatever is written to in its place. */
export type OutletStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly fd?: number
}

export class Outlet {
  readonly colors: Colors
  readonly escapesFormulas: boolean
  #gone = false
  #failure: Error | undefined
  /** Texts that nobody sees. */
  #lost = 0
  readonly #skips: boolean
  readonly #stream: OutletStream
  readonly #program: () => string

  constructor(stream: OutletStream, options: OutletOptions) {
    this.#stream = stream
    this.#skips = options.skips ?? false
    this.#program = options.program ?? (() => 'sluice')
    this.escapesFormulas = options.escapesFormulas === true
    this.colors = picocolors.createColors(options.color ?? this.interactive)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') this.#gone = true
      else this.#failure ??= error
    })
  }

  /** The reader went away; what is written now goes nowhere. */
  get gone(): boolean {
    return this.#gone
  }

  /** Why what was written is not there, or not all of it; that a reader went away is none. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** A person is looking. */
  get interactive(): boolean {
    return this.#stream.isTTY === true
  }

  /** Columns of the window; no limit where there is none. */
  get width(): number {
    return this.interactive ? this.#stream.columns || 80 : Number.POSITIVE_INFINITY
  }

  /** A hint, in which the program is called as it is typed here. */
  readonly hint = (text: string): string => asTyped(text, this.#program())

  /** `false`: the reader is gone, or nothing can be written, and so the text is lost. */
  async write(text: string): Promise<boolean> {
    if (this.#gone) return false
    if (this.#failure !== undefined) return this.#skips && this.#writeAgain(text)
    // Whoever reads a file or a pipe wants what is there; a terminal would do as it is told.
    const shown = this.interactive && commandsTerminal(text) ? await madeHarmless(text) : text
    const failed = await new Promise<boolean>((resolve) => {
      this.#stream.write(shown, (error) => resolve(error !== undefined && error !== null))
    })
    if (failed && text !== '') this.#lost += 1
    return !failed && !this.#gone
  }

  /** A stream that has failed once takes nothing more, but its file may. */
  #writeAgain(text: string): boolean {
    const { fd } = this.#stream
    if (fd === undefined) return false
    try {
      if (this.#lost > 0) writeSync(fd, `${this.#lost} texts are missing here: ${this.#failure?.message}\n`)
      this.#lost = 0
      writeSync(fd, text)
      return true
    } catch {
      this.#lost += 1
      return false
    }
  }

  /** One for the same window and in the same colours, whose text is kept. */
  keeping(): { readonly outlet: Outlet; readonly text: () => string } {
    let text = ''
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        text += String(chunk)
        done()
      },
    })
    const window = Object.assign(stream, { isTTY: this.interactive, columns: this.#stream.columns ?? 80 })
    return {
      outlet: new Outlet(window, {
        color: this.colors.isColorSupported,
        escapesFormulas: this.escapesFormulas,
      }),
      text: () => text,
    }
  }

  /** Writes a line. */
  async line(text = ''): Promise<boolean> {
    return this.write(`${text}\n`)
  }
}

/** What it takes is loaded for the few texts that need it. */
async function madeHarmless(text: string): Promise<string> {
  const { harmless } = await import('./harmless.ts')
  return harmless(text)
}

/** NO_COLOR and FORCE_COLOR as they are commonly understood; the option comes first. */
export function colorChoice(
  option: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean | undefined {
  if (!option || environment['NO_COLOR']) return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  return environment['TERM'] === 'dumb' ? false : undefined
}
