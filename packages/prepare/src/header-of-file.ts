/**
 * A look at the header of a source file without reading the rest.
 *
 * @module
 */
import { TemporaryFolder } from '@sluice/files'
import type { FileEncoding, FileFormat } from '@sluice/model'
import { encodingByHead, encodingOfHead } from './judge/file-encoding.ts'
import { checkMapped, headerOf, orWhatItIs } from './judge/open-table.ts'
import { openPlainFile, type SourceFile } from './read/plain-file.ts'

export interface FileHeader {
  /** Names as they are compared: trimmed, in Unicode normal form C. */
  readonly columns: readonly string[]
  readonly separator: string
  readonly encoding: FileEncoding
}

/** @param mapped The columns that a mapping looks for: they tell the separator where it is doubtful. */
export async function headerOfFile(
  file: SourceFile,
  format: FileFormat,
  mapped: readonly string[],
): Promise<FileHeader> {
  await using temporary = new TemporaryFolder('sluice-header-')
  const plain = await openPlainFile(file, () => temporary.path())
  const encoding = encodingByHead(plain, format.encoding)?.encoding ?? encodingOfHead(plain)
  const header = await orWhatItIs(plain, false, headerOf(plain, encoding, format, mapped))
  await checkMapped({ plain, encoding, header }, format, mapped, false)
  return { columns: header.columns, separator: header.separator, encoding }
}
