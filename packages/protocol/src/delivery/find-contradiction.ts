/**
 * What a manifest may not state, because no delivery of one source can be so: a mapping twice, rows that are in no place or in two.
 *
 * The counts go into the report as they are; whoever reads it has to be able to believe them.
 *
 * @module
 */
import type { Manifest, PreparedFile } from './delivery.ts'

/** A sentence without its end, such as `mapping Person comes twice`; `undefined` where the manifest agrees with itself. */
export function findContradiction({ files, since, rejections }: Manifest): string | undefined {
  const twice =
    firstTwice(files.map(({ mapping }) => mapping)) ??
    firstTwice((since?.files ?? []).map(({ mapping }) => mapping))
  if (twice !== undefined) return `mapping ${twice} comes twice`
  const names = [...files, ...(since?.files ?? [])].map(({ name }) => name)
  const named = firstTwice(names)
  if (named !== undefined) return `file ${named} comes twice`
  for (const file of [...files, ...(since?.files ?? [])]) {
    const kind = 'kind' in file && file.kind === 'sorted' ? 'csv' : 'delta'
    const name = `${file.mapping}.sorted.${kind}`
    if (file.name !== name)
      return `the rows of mapping ${file.mapping} are in ${file.name}, and not in ${name}`
  }
  const rejected = files.reduce((sum, file) => sum + file.rejected, 0)
  const listed = rejections?.rows ?? 0
  if (listed > rejected)
    return `rejected.jsonl lists ${listed} rows, and the files count ${rejected} that were rejected`
  for (const file of files) {
    const wrong = wrongSum(file)
    if (wrong !== undefined) return `${file.name} ${wrong}`
  }
  return undefined
}

/**
 * read = rejected + filtered + nullKey + duplicate + noLink + unchanged + rows; of a comparison, the rows that say delete were not read.
 */
function wrongSum(file: PreparedFile): string | undefined {
  const { kind, rows, read, deleted, unchanged, further = 0, filtered = 0 } = file
  if (kind === 'sorted' && (unchanged !== 0 || deleted !== 0))
    return 'states rows that are unchanged or deleted, and holds all rows'
  if (deleted > rows) return `states ${deleted} rows that are deleted among ${rows}`
  if (further > read) return `states ${further} further rows of ${read} that were read`
  const others = file.rejected + filtered + file.nullKey + file.duplicate + file.noLink + unchanged
  const inFile = kind === 'delta' ? [rows, rows - deleted] : [rows]
  if (inFile.some((count) => others + count === read)) return undefined
  return `states ${read} rows that were read, and ${others + rows} in all places together`
}

function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}
