/** Entity types with their counts, beside the list of one. @module */
import { Box, NavLink, Select } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Reply } from '../api/ask.ts'
import { Amount, wholeNumber } from '../design/moment.tsx'
import { typeTree } from '../model/type-tree.ts'
import { useLabels } from '../model/use-labels.ts'
import { typeAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'

export type TypeCount = Reply<'GET /resource-counts'>['types'][number]

interface TypeRailProps {
  readonly types: readonly TypeCount[]
  readonly chosen: string
}

export function TypeRail({ types, chosen }: TypeRailProps): ReactNode {
  const navigate = useNavigate()
  const labels = useLabels()
  const tree = typeTree(types)
  return (
    <>
      <Box
        component="nav"
        aria-label={texts.resources.types}
        visibleFrom="md"
        className="no-print"
        w={196}
        style={{ flexShrink: 0 }}
      >
        {tree.map(({ type, depth }) => (
          <NavLink
            key={type.type}
            component={Link}
            to={typeAddress(type.type)}
            label={labels.type(type.type)}
            rightSection={<Count value={type.resources} active={type.type === chosen} />}
            active={type.type === chosen}
            pl={12 + depth * 14}
            py={5}
            style={{ borderRadius: 'var(--mantine-radius-sm)' }}
          />
        ))}
      </Box>
      <Select
        hiddenFrom="md"
        className="no-print"
        aria-label={texts.resources.types}
        data={tree.map(({ type, depth }) => ({
          value: type.type,
          label: `${'\u00a0\u00a0'.repeat(depth)}${labels.type(type.type)} · ${wholeNumber(type.resources)}`,
        }))}
        value={chosen}
        allowDeselect={false}
        onChange={(type) => type !== null && void navigate({ to: typeAddress(type) })}
      />
    </>
  )
}

function Count({ value, active }: { readonly value: number; readonly active: boolean }): ReactNode {
  return (
    <Box component="span" fz="xs" c={active ? 'inherit' : 'dimmed'}>
      <Amount value={value} />
    </Box>
  )
}
