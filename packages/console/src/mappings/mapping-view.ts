/**
 * What of the mappings of a source is looked at, as it stands in the address.
 *
 * @module
 */
import { namesOf } from '../shell/names-of.ts'

type Tab = 'result' | 'problems' | 'drawing'
export const tabs = namesOf<Tab>({ result: true, problems: true, drawing: true })

export interface MappingView {
  /** The first one when absent. */
  readonly file?: string | undefined
  readonly tab: Tab
  readonly root?: string | undefined
}

export function readMappingView({ file, tab, root }: Readonly<Record<string, unknown>>): MappingView {
  return {
    file: textOf(file),
    tab: tabs.find((one) => one === tab) ?? 'result',
    root: textOf(root),
  }
}

export function writeMappingView({ file, tab, root }: MappingView): Record<string, string> {
  return {
    ...(file === undefined ? {} : { file }),
    ...(tab === 'result' ? {} : { tab }),
    ...(root === undefined ? {} : { root }),
  }
}

/** An address takes what looks like a number for one. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
