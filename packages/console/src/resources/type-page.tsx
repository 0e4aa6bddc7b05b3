/**
 * The resources of one type.
 *
 * @module
 */
import { Button, Flex, Paper } from '@mantine/core'
import { IconCopy, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { typeCountsQuery } from '../api/shared-queries.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page, PageSkeleton } from '../design/page.tsx'
import { useLabels } from '../model/use-labels.ts'
import { useModel } from '../model/use-model.ts'
import { typeAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import { ResourceList } from './resource-list.tsx'
import { TypeRail } from './type-rail.tsx'

export function TypePage(): ReactNode {
  const { type: name = '' }: { readonly type?: string } = useParams({ strict: false })
  const { model, error, refetch } = useModel()
  const { data: counts } = useQuery(typeCountsQuery)
  const { may } = useSession()
  const labels = useLabels()
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (model === undefined) return <PageSkeleton />
  const type = model.types.get(name)
  if (type === undefined)
    return <EmptyState title={texts.resources.noType(name)}>{texts.resources.noTypeHelp}</EmptyState>
  const family = [...model.types.values()].some((one) => one.extends === name)
  return (
    <Page
      title={labels.type(name)}
      above={[[texts.resources.title, '/resources']]}
      description={type.description}
      actions={<Actions type={name} creates={may('edit') && !type.abstract} />}
    >
      <Flex gap="md" direction={{ base: 'column', md: 'row' }} align="stretch">
        <TypeRail types={counts?.types ?? []} chosen={name} />
        <Paper flex={1} miw={0} component="section" aria-label={labels.type(name)}>
          <ResourceList key={name} type={type} family={family} />
        </Paper>
      </Flex>
    </Page>
  )
}

function Actions({ type, creates }: { readonly type: string; readonly creates: boolean }): ReactNode {
  return (
    <>
      <Button
        component={Link}
        to={`${typeAddress(type)}/duplicates`}
        variant="default"
        leftSection={<IconCopy size={14} />}
      >
        {texts.resources.duplicates}
      </Button>
      {creates && (
        <Button component={Link} to={`${typeAddress(type)}/new`} leftSection={<IconPlus size={14} />}>
          {texts.resources.create}
        </Button>
      )}
    </>
  )
}
