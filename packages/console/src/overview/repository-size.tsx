/** @module */
import { Anchor, Group, Skeleton, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Reply } from '../api/ask.ts'
import { Amount } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { useLabels } from '../model/use-labels.ts'
import { typeAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import classes from './overview.module.css'

type TypeCount = Reply<'GET /resource-counts'>['types'][number]

/** How many resources there are of each entity type, the most first. */
export function RepositorySize({ types }: { readonly types: readonly TypeCount[] | undefined }): ReactNode {
  const labels = useLabels()
  const most = Math.max(1, ...(types ?? []).map(({ resources }) => resources))
  return (
    <Section title={texts.overview.size}>
      {types === undefined ? (
        <Skeleton h={120} />
      ) : (
        types
          .toSorted((one, other) => other.resources - one.resources)
          .slice(0, 10)
          .map((type) => <Size key={type.type} {...type} label={labels.type(type.type)} most={most} />)
      )}
    </Section>
  )
}

interface SizeProps extends TypeCount {
  readonly label: string
  readonly most: number
}

function Size({ type, label, resources, most }: SizeProps): ReactNode {
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Anchor component={Link} to={typeAddress(type)} size="sm" c="inherit">
          {label}
        </Anchor>
        <Text size="sm" component="div">
          <Amount value={resources} />
        </Text>
      </Group>
      <div className={classes['bar']} aria-hidden>
        <div className={classes['filled']} style={{ width: `${(100 * resources) / most}%` }} />
      </div>
    </Stack>
  )
}
