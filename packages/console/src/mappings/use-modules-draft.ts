/**
 * Texts that somebody is writing, kept in the tab: nothing is lost by a reload or by a session that ends.
 *
 * @module
 */
import type { SourceModules } from '@sluice/model'
import { useCallback, useMemo } from 'react'
import { useDraft } from '../shell/use-draft.ts'
import {
  changedFiles,
  type Draft,
  draftedModules,
  type ModuleText,
  readDraft,
  withText,
} from './modules-draft.ts'

export interface ModulesDraft {
  readonly modules: readonly ModuleText[]
  readonly changed: readonly string[]
  /** Others are stored than those with which it began. */
  readonly isStale: boolean
  write(module: ModuleText): void
  /** Goes on with these texts, upon what is stored now. */
  keep(): void
  forget(): void
}

export function useModulesDraft(source: string, stored: SourceModules): ModulesDraft {
  const { draft, keep, drop } = useDraft(`modules ${source}`, readDraft)
  const put = useCallback((now: Draft | undefined) => (now === undefined ? drop() : keep(now)), [keep, drop])
  const modules = useMemo(() => draftedModules(stored, draft), [stored, draft])
  const changed = useMemo(() => changedFiles(stored, draft), [stored, draft])
  return {
    modules,
    changed,
    isStale: draft !== undefined && draft.version !== stored.version && changed.length > 0,
    write: useCallback((module) => put(withText(stored, draft, module)), [put, stored, draft]),
    keep: useCallback(() => put(draft && { ...draft, version: stored.version }), [put, draft, stored]),
    forget: drop,
  }
}
