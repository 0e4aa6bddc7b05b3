/**
 * One resource: its attributes and whose they are, its links both ways, what is around it, and what became of it.
 *
 * @module
 */
import { Alert, Anchor, Badge, Group, Tabs } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api-errors.ts'
import { Copy } from '../design/copy.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page, PageSkeleton } from '../design/page.tsx'
import { useLabels } from '../model/use-labels.ts'
import { type KnownModel, useModel } from '../model/use-model.ts'
import { resourceAddress, typeAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import { ResourceActions } from './resource-actions.tsx'
import { ResourceTabs } from './resource-tabs.tsx'
import { tabs } from './resource-view.ts'
import { useEditor } from './use-editor.ts'
import { type Explanation, useExplanation } from './use-resource.ts'
import { useResourceView } from './use-resource-view.ts'
import { useSourceFacts } from './use-source-facts.ts'

export function ResourcePage(): ReactNode {
  const { type = '', id = '' }: { readonly type?: string; readonly id?: string } = useParams({
    strict: false,
  })
  const { model, error: modelError, refetch: readModel } = useModel()
  const { data, error, refetch } = useExplanation(type, id)
  if (error instanceof ApiError && error.status === 404)
    return <EmptyState title={texts.resources.gone}>{texts.resources.goneHelp}</EmptyState>
  if (error !== null && data === undefined) return <ErrorNotice error={error} retry={refetch} />
  if (modelError !== null) return <ErrorNotice error={modelError} retry={readModel} />
  if (data === undefined || model === undefined) return <PageSkeleton />
  return <Resource key={`${type} ${id}`} explanation={data} model={model} />
}

interface ResourceProps {
  readonly explanation: Explanation
  readonly model: KnownModel
}

function Resource({ explanation, model }: ResourceProps): ReactNode {
  const { entityType, resourceId, display, deleted, replicas } = explanation
  const name = display ?? texts.resources.id(resourceId)
  const factsOf = useSourceFacts([...new Set(replicas.map(({ source }) => source))])
  const type = model.types.get(entityType) ?? { name: entityType, abstract: false, properties: [] }
  const labels = useLabels()
  const editor = useEditor(type, explanation)
  const [{ tab }, change] = useResourceView()
  return (
    <Page
      title={name}
      above={[
        [texts.resources.title, '/resources'],
        [labels.type(entityType), typeAddress(entityType)],
      ]}
      badge={<Badge color="gray">{labels.type(entityType)}</Badge>}
      description={<Identity id={resourceId} />}
      actions={<ResourceActions explanation={explanation} factsOf={factsOf} editor={editor} />}
    >
      {deleted !== null && <Deleted entityType={entityType} deleted={deleted} />}
      {explanation.suspended?.map(({ source }) => (
        <Alert key={source} color="yellow" title={texts.resources.suspended(source)} />
      ))}
      <Tabs
        value={tab}
        onChange={(chosen) => change({ tab: tabs.find((one) => one === chosen) ?? 'attributes' })}
        keepMounted={false}
      >
        <Tabs.List mb="md" aria-label={texts.resources.sections}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {texts.resources.tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <ResourceTabs explanation={explanation} model={model} factsOf={factsOf} editor={editor} name={name} />
      </Tabs>
    </Page>
  )
}

function Identity({ id }: { readonly id: string }): ReactNode {
  return (
    <Group gap={2}>
      {texts.resources.id(id)}
      <Copy value={id} />
    </Group>
  )
}

interface DeletedProps {
  readonly entityType: string
  readonly deleted: NonNullable<Explanation['deleted']>
}

function Deleted({ entityType, deleted: { run, into } }: DeletedProps): ReactNode {
  return (
    <Alert color="red" title={texts.resources.deleted(run)}>
      <Group gap="xs">
        <Anchor component={Link} to={`/runs/${run}`} size="sm">
          {texts.resources.run(run)}
        </Anchor>
        {into !== undefined && (
          <Anchor component={Link} to={resourceAddress(entityType, into)} size="sm">
            {texts.resources.mergedInto} {texts.resources.id(into)}
          </Anchor>
        )}
      </Group>
    </Alert>
  )
}
