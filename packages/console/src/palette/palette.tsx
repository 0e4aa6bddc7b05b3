/**
 * The command palette, `Ctrl K`: pages, sources, entity types, and each type once more, to look in it for what is typed.
 *
 * @module
 */
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { type Icon, IconArrowsExchange, IconDatabase, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { statusQuery } from '../api/shared-queries.ts'
import { useLabels } from '../model/use-labels.ts'
import { useModel } from '../model/use-model.ts'
import { writeBrowse } from '../resources/browse.ts'
import { typeAddress } from '../shell/addresses.ts'
import { destinations } from '../shell/navigation.ts'
import { texts } from '../texts/texts.ts'
import classes from './palette.module.css'

interface Entry extends SpotlightActionData {
  readonly id: string
  readonly icon: Icon
  readonly to: string
  readonly search?: object
}

const { palette } = texts.common

export function Palette(): ReactNode {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const pages = usePages()
  const sources = useSources()
  const types = useTypes()
  const group = (name: string, entries: readonly Entry[]) => ({
    group: name,
    actions: entries.map(({ icon: Icon, to, search, ...entry }) => ({
      ...entry,
      leftSection: <Icon size={18} stroke={1.6} />,
      onClick: () => void navigate({ to, search: { ...search } }),
    })),
  })
  const words = typed.trim()
  return (
    <Spotlight
      classNames={{ actionsGroup: classes['group'] ?? '' }}
      query={typed}
      onQueryChange={setTyped}
      actions={[
        group(palette.pages, pages),
        group(palette.sources, sources),
        group(palette.types, types),
        ...(words === ''
          ? []
          : [
              group(
                palette.lookFor(words),
                types.map((type) => lookingFor(words, type)),
              ),
            ]),
      ]}
      shortcut={['mod + K']}
      nothingFound={palette.nothing}
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

function usePages(): readonly Entry[] {
  const { may } = useSession()
  return destinations
    .filter(({ permission }) => may(permission))
    .map(({ to, text, icon, key }) => ({ id: to, to, icon, label: text, description: `g ${key}` }))
}

function useSources(): readonly Entry[] {
  const { data } = useQuery(statusQuery)
  return (data?.sources ?? []).map(({ name }) => ({
    id: `source ${name}`,
    to: `/sources/${encodeURIComponent(name)}`,
    icon: IconArrowsExchange,
    label: name,
  }))
}

/** Found by their labels, and by their names. */
function useTypes(): readonly Entry[] {
  const { may } = useSession()
  const { model } = useModel({ enabled: may('read') })
  const labels = useLabels()
  return [...(model?.types.keys() ?? [])].map((name) => ({
    id: `type ${name}`,
    to: typeAddress(name),
    icon: IconDatabase,
    label: labels.type(name),
    keywords: [name],
  }))
}

function lookingFor(words: string, { id, to, label }: Entry): Entry {
  const search = writeBrowse({ words, filters: [], columns: undefined, sort: undefined })
  // Of whatever is typed it has to be found.
  return { id: `look in ${id}`, to, search, icon: IconSearch, label, keywords: [words] }
}
