/**
 * An edit under way: what is typed, and upon which version.
 *
 * @module
 */
import type { EnteredValues } from './edited-values.ts'

export interface EditDraft {
  readonly version: string
  /** The newest run of its history when it was read. */
  readonly run: number
  /** What stood in the fields. */
  readonly before: EnteredValues
  readonly entered: EnteredValues
  readonly comment: string
}

export function readEditDraft(stored: unknown): EditDraft | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { version, run, before, entered, comment }: { readonly [Name in keyof EditDraft]?: unknown } = stored
  if (typeof version !== 'string' || typeof run !== 'number' || typeof comment !== 'string') return undefined
  const [was, now] = [readEntered(before), readEntered(entered)]
  return was && now && { version, run, before: was, entered: now, comment }
}

export function readEntered(stored: unknown): EnteredValues | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const values: EnteredValues = Object.fromEntries(Object.entries(stored))
  return Object.values(values).every((one) => typeof one.text === 'string') ? values : undefined
}
