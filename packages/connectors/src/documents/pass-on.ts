/**
 * CSV goes on as it is, in its own encoding and with its own separator: it is read in one place, where its rows are judged one by one.
 *
 * @module
 */
import type { FileFormat } from '@sluice/model'
import type { ExportContext, WantedFile } from '../contract/export-context.ts'
import type { SourceDocument } from '../formats/document.ts'

/** One file, or the part files of a table. */
export async function passOn(
  context: ExportContext,
  file: string,
  documents: readonly SourceDocument[],
  as?: 'parts',
): Promise<void> {
  const [first, ...others] = documents
  if (first !== undefined && others.length === 0 && as === undefined)
    return context.passOn(file, first.bytes())
  for (const [index, document] of documents.entries()) {
    const name = document.name.replaceAll(/[^\w.-]+/g, '_').replace(/(\.csv)?(\.gz)?$/i, '.csv')
    await context.passOn(`${file}/${String(index + 1).padStart(6, '0')}-${name}`, document.bytes())
  }
}

/** Says that nothing has changed, in the format in which the mapping reads the file; `false`: that cannot be written. */
export async function writeNothing(
  context: ExportContext,
  { file, columns, format }: WantedFile,
): Promise<boolean> {
  const header = headerOf(columns, format)
  if (header === undefined) return false
  await context.passOn(
    file,
    (async function* () {
      yield Buffer.from(header)
    })(),
  )
  return true
}

function headerOf(columns: readonly string[], format: FileFormat | undefined): string | undefined {
  const { separator = ',', encoding = 'utf-8', skipLines = 0 } = format ?? {}
  const names = ['command', ...columns]
  // Signs that are the same in all encodings but these.
  if (/16|32/.test(encoding) || names.some((name) => /[^ -~]/.test(name))) return undefined
  return `${'-\n'.repeat(skipLines)}${names.map((name) => `"${name.replaceAll('"', '""')}"`).join(separator)}\n`
}
