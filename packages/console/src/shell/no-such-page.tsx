import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import { NothingThere } from './nothing-there.tsx'

export function NoSuchPage(): ReactNode {
  return <NothingThere title={texts.common.noPage} to="/" back={texts.common.toOverview} />
}
