/**
 * What a manifest may not state, because no delivery of one source can be so: a mapping twice, rows that are in no place or in two.
 *
 * The counts go into the report as they are; whoever reads it has to be able to believe them.
 *
 * @module
 */
import type { Manifest, PreparedFile } from './delivery.ts'

/** A sentence without its end, such as `mapping Person comes twice`; `undefined` where the manifest agrees with itself. */
export function findContradiction(manifest: Manifest): string | undefined {
  return comesTwice(manifest) ?? wrongName(manifest) ?? wrongRejections(manifest) ?? wrongSums(manifest)
}

function comesTwice({ files, since }: Manifest): string | undefined {
  const changed = since?.files ?? []
  const mapping =
    firstTwice(files.map((file) => file.mapping)) ?? firstTwice(changed.map((file) => file.mapping))
  if (mapping !== undefined) return `mapping ${mapping} comes twice`
  const name = firstTwice([...files, ...changed].map((file) => file.name))
  return name === undefined ? undefined : `file ${name} comes twice`
}

function wrongName({ files, since }: Manifest): string | undefined {
  const changed = (since?.files ?? []).map((file) => ({ ...file, kind: 'delta' as const }))
  for (const { name, mapping, kind } of [...files, ...changed]) {
    const right = `${mapping}.sorted.${kind === 'sorted' ? 'csv' : 'delta'}`
    if (name !== right) return `the rows of mapping ${mapping} are in ${name}, and not in ${right}`
  }
  return undefined
}

function wrongRejections({ files, rejections }: Manifest): string | undefined {
  const counted = files.reduce((sum, { rejected }) => sum + rejected, 0)
  const listed = rejections?.rows ?? 0
  if (listed <= counted) return undefined
  return `rejected.jsonl lists ${listed} rows, and the files count ${counted} that were rejected`
}

function wrongSums({ files }: Manifest): string | undefined {
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
