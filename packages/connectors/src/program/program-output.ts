/**
 * What a program writes to its outputs, as lines for the log: cut where they are too long, left out where they
 * are too many, and without the signs that move a terminal's cursor.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'
import { cutText } from '@sluice/model'
import type { OnProgramLine, ProgramLine } from '../contract/export-request.ts'

const longest = 2000
const mostLines = 10_000
const tailLength = 20

export class ProgramOutput {
  readonly #onLine: OnProgramLine | undefined
  readonly #tails: Readonly<Record<ProgramLine['stream'], string[]>> = { stdout: [], stderr: [] }
  #lines = 0

  constructor(onLine: OnProgramLine | undefined) {
    this.#onLine = onLine
  }

  /** Takes the pieces of one output; to be called once more without a piece at its end. */
  taker(stream: ProgramLine['stream']): (piece?: Buffer) => void {
    const decoder = new StringDecoder('utf8')
    let line = ''
    return (piece) => {
      // A carriage return alone is how programs draw over their progress.
      const parts = (piece === undefined ? decoder.end() : decoder.write(piece)).split(/[\r\n]+/)
      for (const [index, part] of parts.entries()) {
        if (index > 0) {
          this.#take(stream, line)
          line = ''
        }
        // What does not fit is dropped as it comes: a program may print gigabytes without a line feed.
        if (line.length <= longest) line += part.slice(0, longest + 1)
      }
      if (piece === undefined) this.#take(stream, line)
    }
  }

  /** The last lines of standard error, or of standard output where there are none. */
  get tail(): readonly string[] {
    return this.#tails.stderr.length > 0 ? this.#tails.stderr : this.#tails.stdout
  }

  /** Says how many lines were left out, if any. */
  finish(): void {
    const left = this.#lines - mostLines
    if (left > 0) this.#onLine?.({ stream: 'stderr', text: `… ${left} further lines were left out.` })
  }

  #take(stream: ProgramLine['stream'], raw: string): void {
    const plain = printable(raw)
    if (plain === '') return
    const text = plain.length > longest ? `${cutText(plain, longest)}…` : plain
    const tail = this.#tails[stream]
    tail.push(text)
    if (tail.length > tailLength) tail.shift()
    this.#lines++
    if (this.#lines <= mostLines) this.#onLine?.({ stream, text })
  }
}

function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[^\P{Cc}\t]/gu, '')
    .trimEnd()
}
