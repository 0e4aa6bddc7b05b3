/**
 * The mapping language of a source, in a thread that lives as long as the page.
 *
 * @module
 */
import type { SourceModules } from '@sluice/model'
import { type Remote, wrap } from 'comlink'
import { useEffect, useState } from 'react'
import type { Language } from './language.ts'

export type RemoteLanguage = Remote<Language>

/** `undefined` until it has read the modules. */
export function useLanguage(modules: SourceModules | undefined): RemoteLanguage | undefined {
  const [language, setLanguage] = useState<RemoteLanguage>()
  useEffect(() => {
    if (modules === undefined) return undefined
    const worker = new Worker(new URL('./language-worker.ts', import.meta.url), { type: 'module' })
    const remote = wrap<Language>(worker)
    let isGone = false
    void remote.open(modules).then(() => {
      // A function would be taken for one that makes the state.
      if (!isGone) setLanguage(() => remote)
    })
    return () => {
      isGone = true
      setLanguage(undefined)
      worker.terminate()
    }
  }, [modules])
  return language
}
