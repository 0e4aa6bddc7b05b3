/**
 * The beginning of a file, for whoever only looks what it may be: nobody knows how large something is that was put in its place.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { NotAFileError } from './not-a-file-errors.ts'

/** Bytes; more than any lock holds, and the beginning of any note. */
const head = 64 << 10

/** Text of as much of the file as a head has. Every error is thrown. */
export function readHead(path: string): string {
  const bytes = Buffer.alloc(head)
  // Not waited for, as a pipe would be.
  const { O_RDONLY, O_NONBLOCK = 0 } = constants
  const file = openSync(path, O_RDONLY | O_NONBLOCK)
  try {
    if (!fstatSync(file).isFile()) throw new NotAFileError(path)
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, head, 0))
  } finally {
    closeSync(file)
  }
}
