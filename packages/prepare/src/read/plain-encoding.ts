/**
 * What a file's bytes are, once it has been looked at.
 *
 * @module
 */
import type { FileEncoding } from '@sluice/model'

/** Without those of which only a mark says the order of their bytes. */
export type PlainEncoding = Exclude<FileEncoding, 'utf-16' | 'utf-32'>
/** What UTF-8, UTF-16 and UTF-32 are not: each has a table of its own. */
export type CodePage = Exclude<PlainEncoding, 'cesu-8' | 'latin-1' | 'iso-8859-1' | `utf-${string}`>
