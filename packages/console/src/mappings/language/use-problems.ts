/** What is wrong with modules, a moment after they were written. @module */
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { LanguageText, Problem } from './language.ts'
import type { RemoteLanguage } from './use-language.ts'

const none: readonly Problem[] = []

export function useProblems(
  language: RemoteLanguage | undefined,
  modules: readonly LanguageText[],
): readonly Problem[] {
  const [problems, setProblems] = useState(none)
  const [written] = useDebouncedValue(modules, 250)
  useEffect(() => {
    if (language === undefined) return undefined
    let isOver = false
    void language.check([...written]).then((found) => {
      if (!isOver) setProblems(found)
    })
    return () => {
      isOver = true
    }
  }, [language, written])
  return problems
}
