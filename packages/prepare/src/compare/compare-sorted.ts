/**
 * What changed between the file the server has acknowledged and the one just made: both are sorted, so one
 * reading of them side by side tells.
 *
 * Equal stretches are compared as bytes, many rows at a time; rows are looked at one by one only where the
 * files differ, so the cost beyond reading follows the changes. Measured against DuckDB's full join of the two
 * files, a million rows each (94 MB): half its time when 1 % changed; when every row changed, about what DuckDB
 * takes to write the same delta.
 *
 * @module
 */
import type { WrittenFile } from '@sluice/files'
import type { Projection } from '../projection.ts'
import type { DeltaFile } from '../write/delta-file.ts'
import type { RowFile } from '../write/row-file.ts'
import { headerLine } from '../write/row-writer.ts'
import type { RowsInDoubt } from './rows-in-doubt.ts'
import { commonRecords, SortedWindow } from './sorted-window.ts'

/** So much is worth a call that writes. */
const enough = 1 << 16

export interface Comparison {
  readonly projection: Projection
  /** The last acknowledged file, and its sum as it was noted. */
  readonly before: { readonly path: string; readonly sha256: string }
  /** Path of the file just made. */
  readonly after: string
  readonly delta: DeltaFile
  /** Rows that are gone, but may be among those that could not be read. */
  readonly withheld?: Withheld | undefined
  /** Is told of each row of the delta that brings values. */
  readonly inDoubt?: RowsInDoubt | undefined
  readonly signal?: AbortSignal | undefined
}

interface Withheld {
  /** Says of a row's key whether it may be that of a row that could not be read. */
  readonly mayBe: (key: readonly string[]) => boolean
  /** Takes the file just made with these rows among its own: the next one is compared with it. */
  readonly kept: RowFile
}

export type Compared =
  /** The file is not the one that was noted: what was found means nothing. */
  | { readonly kind: 'tampered' }
  | {
      readonly kind: 'compared'
      readonly written: WrittenFile
      readonly withheld: number
    }

/** Writes the delta that makes the former file the new one. */
export async function compareSorted(comparison: Comparison): Promise<Compared> {
  const { before, after, projection, delta } = comparison
  await using old = new SortedWindow(before.path, projection.order)
  await using made = new SortedWindow(after, projection.order)
  const header = headerLine(projection.columns)
  comparison.withheld?.kept.add(header, 0, header.length)
  await made.skipHeader(header)
  if (!(await old.skipHeader(header))) return { kind: 'tampered' }
  let withheld = 0
  for (;;) {
    await skipCommon(old, made, comparison)
    if (old.done && made.done) break
    const step = await compareRows(old, made, comparison)
    if (step === 'tampered') return { kind: 'tampered' }
    if (step === 'withheld') withheld++
    await delta.drain(enough)
    await comparison.withheld?.kept.drain(enough)
  }
  // All of it was read, also when it was longer than it should be.
  if ((await old.sum()) !== before.sha256) return { kind: 'tampered' }
  return { kind: 'compared', written: await delta.finish(), withheld }
}

/** Past all that is equal in both; afterwards both stand at rows that differ, or at their ends. */
async function skipCommon(old: SortedWindow, made: SortedWindow, comparison: Comparison): Promise<void> {
  for (;;) {
    const length = commonRecords(old, made)
    comparison.withheld?.kept.add(made.bytes, made.at, made.at + length)
    await comparison.withheld?.kept.drain(enough)
    old.at += length
    made.at += length
    const shorter = old.left <= made.left ? old : made
    if (shorter.ended || !sameStart(old, made, shorter.left)) break
    comparison.signal?.throwIfAborted()
    await shorter.more()
  }
  // Whoever asks whether one of them is at its end must not be answered "no" for bytes not read yet.
  while (old.left === 0 && !old.ended) await old.more()
  while (made.left === 0 && !made.ended) await made.more()
}

function sameStart(old: SortedWindow, made: SortedWindow, length: number): boolean {
  return old.bytes.compare(made.bytes, made.at, made.at + length, old.at, old.at + length) === 0
}

/** One row of either file, or one of both with the same key. */
async function compareRows(
  old: SortedWindow,
  made: SortedWindow,
  comparison: Comparison,
): Promise<'compared' | 'withheld' | 'tampered'> {
  if (!old.done && !(await old.look())) return 'tampered'
  if (!made.done && !(await made.look())) {
    throw new Error(`The sorted file of ${comparison.projection.mapping} is damaged.`)
  }
  const order = old.done ? 1 : made.done ? -1 : old.key.compare(made.key)
  if (order < 0) return goneRow(old, comparison)
  if (order > 0) addRow('insert', made, comparison)
  else if (!sameRow(old, made)) addRow('update', made, comparison)
  comparison.withheld?.kept.add(made.bytes, made.at, made.next)
  made.at = made.next
  if (order === 0) old.at = old.next
  return 'compared'
}

function addRow(command: 'insert' | 'update', made: SortedWindow, { delta, inDoubt }: Comparison): void {
  delta.add(command, made.bytes, made.at, made.next)
  inDoubt?.changed(() => made.keyTexts(), delta.rows)
}

function goneRow(old: SortedWindow, { delta, withheld }: Comparison): 'compared' | 'withheld' {
  const { bytes, at, next } = old
  old.at = next
  if (withheld?.mayBe(old.keyTexts()) === true) {
    withheld.kept.add(bytes, at, next)
    return 'withheld'
  }
  delta.add('delete', bytes, at, next)
  return 'compared'
}

function sameRow(old: SortedWindow, made: SortedWindow): boolean {
  return old.bytes.subarray(old.at, old.next).equals(made.bytes.subarray(made.at, made.next))
}
