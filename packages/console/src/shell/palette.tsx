/**
 * The command palette, and the keys that lead everywhere: `Ctrl K`, and `g` with a letter.
 *
 * @module
 */
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { IconArrowsExchange, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useSession } from '../api/session.tsx'
import { statusQuery } from '../api/shared-queries.ts'
import { texts } from '../texts/texts.ts'
import { destinations } from './navigation.ts'

export function Palette(): ReactNode {
  const navigate = useNavigate()
  const { may } = useSession()
  const { data } = useQuery(statusQuery)
  useGoKeys((to) => void navigate({ to }))
  const pages: SpotlightActionData[] = destinations
    .filter(({ permission }) => may(permission))
    .map(({ to, text, icon: Icon, key }) => ({
      id: to,
      label: text,
      description: `g ${key}`,
      leftSection: <Icon size={18} stroke={1.6} />,
      onClick: () => void navigate({ to }),
    }))
  const sources: SpotlightActionData[] = (data?.sources ?? []).map(({ name }) => ({
    id: `source ${name}`,
    label: name,
    leftSection: <IconArrowsExchange size={18} stroke={1.6} />,
    onClick: () => void navigate({ to: `/sources/${encodeURIComponent(name)}` }),
  }))
  return (
    <Spotlight
      actions={[
        { group: texts.common.palette.pages, actions: pages },
        { group: texts.common.palette.sources, actions: sources },
      ]}
      shortcut={['mod + K']}
      nothingFound={texts.common.palette.nothing}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: texts.common.search,
        'aria-label': texts.common.search,
      }}
    />
  )
}

/** `g`, then a letter within a second, outside of fields. */
function useGoKeys(go: (to: string) => void): void {
  // Outlives renderings: one may come between the two keys.
  const pressed = useRef(0)
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const { target, key } = event
      const isField =
        target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')
      if (isField || event.ctrlKey || event.metaKey || event.altKey) return
      if (key === 'g') {
        pressed.current = event.timeStamp
        return
      }
      const destination = destinations.find((one) => one.key === key)
      if (destination !== undefined && event.timeStamp - pressed.current < 1000) go(destination.to)
      pressed.current = 0
    }
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [go])
}
