/**
 * The bytes of a file that holds a graph, as UTF-8 and nothing else.
 *
 * JSON and XML say what they are written in, or are UTF-8; no other encoding is guessed. A file that is cut off, or damaged,
 * tells nothing of what is gone, so nothing of it is taken.
 *
 * @module
 */
import type { PrepareSettings } from '@sluice/model'
import { encodingByHead } from '../judge/file-encoding.ts'
import { Utf8Judge } from '../judge/utf8-judge.ts'
import type { PrepareProgress } from '../prepare-progress.ts'
import { openPlainFile, type SourceFile, type TempFolder, utf8Chunks } from '../read/plain-file.ts'
import { DamagedGraphFileError } from './graph-errors.ts'

export interface DocumentContext {
  readonly tempFolder: TempFolder
  readonly settings: PrepareSettings
  readonly progress: PrepareProgress
  readonly signal: AbortSignal | undefined
  readonly note: (text: string) => void
  /** Rows or items of a file that are looked at, no more; all when absent. */
  readonly mostRows?: number | undefined
}

export interface DocumentText {
  readonly chunks: AsyncIterable<Buffer>
  /** Known when the last chunk was read. */
  endsWithLineFeed(): boolean
}

/** Throws `DamagedGraphFileError` as soon as there is a byte that is no UTF-8; a file of no bytes is an error. */
export async function openDocument(source: SourceFile, context: DocumentContext): Promise<DocumentText> {
  if (source.size === 0) throw new DamagedGraphFileError(source.name, undefined, 'is empty')
  const plain = await openPlainFile(source, context.tempFolder, context.signal)
  const encoding = encodingByHead(plain, undefined)?.encoding ?? 'utf-8'
  let last = 0
  async function* judged(): AsyncGenerator<Buffer> {
    const judge = new Utf8Judge()
    for await (const chunk of utf8Chunks(plain, encoding)) {
      context.signal?.throwIfAborted()
      context.progress.bytes(chunk.length)
      judge.add(chunk)
      if (!judge.valid) throw new DamagedGraphFileError(source.name, undefined, notUtf8)
      last = chunk.at(-1) ?? last
      yield chunk
    }
    judge.finish()
    if (!judge.valid) throw new DamagedGraphFileError(source.name, undefined, notUtf8)
  }
  return { chunks: judged(), endsWithLineFeed: () => last === 0x0a }
}

const notUtf8 = 'is not UTF-8'
