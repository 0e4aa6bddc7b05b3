/**
 * The model, drawn or as lists; a type that is chosen is shown closely.
 *
 * @module
 */
import { Flex, Paper, SegmentedControl, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useCallback, useMemo } from 'react'
import { typeCountsQuery } from '../api/shared-queries.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Graph } from '../design/lazy-graph.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { Page, PageSkeleton } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { diagramOf } from './model-diagram.ts'
import { ModelLists } from './model-lists.tsx'
import { type ModelView, readModelView, writeModelView } from './model-view.ts'
import { TypePanel } from './type-panel.tsx'
import { useLabels } from './use-labels.ts'
import { type KnownModel, useModel } from './use-model.ts'

export function ModelPage(): ReactNode {
  const { model, error, refetch } = useModel()
  const view = readModelView(useSearch({ strict: false }))
  const navigate = useNavigate()
  const change = (changes: Partial<ModelView>) =>
    void navigate({ to: '.', search: () => writeModelView({ ...view, ...changes }), replace: true })
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (model === undefined) return <PageSkeleton />
  return (
    <Page
      title={texts.model.title}
      description={texts.model.description}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={texts.model.showAs}
          data={[
            { value: 'diagram', label: texts.model.diagram },
            { value: 'list', label: texts.model.list },
          ]}
          value={view.as}
          onChange={(as) => change({ as: as === 'list' ? 'list' : 'diagram' })}
        />
      }
    >
      {model.types.size === 0 ? (
        <EmptyState title={texts.model.noTypes}>{texts.model.noTypesHelp}</EmptyState>
      ) : (
        <Shown model={model} view={view} choose={(type) => change({ type })} />
      )}
    </Page>
  )
}

interface ShownProps {
  readonly model: KnownModel
  readonly view: ModelView
  readonly choose: (type: string | undefined) => void
}

function Shown({ model, view, choose }: ShownProps): ReactNode {
  const chosen = view.type === undefined ? undefined : model.types.get(view.type)
  return (
    <Flex gap="md" direction={{ base: 'column', lg: 'row' }} align={{ base: 'stretch', lg: 'flex-start' }}>
      <Stack flex={1} miw={0}>
        {view.as === 'list' ? (
          <ModelLists model={model} chosen={view.type} choose={choose} />
        ) : (
          <Diagram model={model} chosen={view.type} />
        )}
      </Stack>
      {chosen !== undefined && (
        <Stack w={{ base: '100%', lg: 420 }} style={{ flexShrink: 0 }}>
          <TypePanel key={chosen.name} type={chosen} model={model} onClose={() => choose(undefined)} />
        </Stack>
      )}
    </Flex>
  )
}

function Diagram({
  model,
  chosen,
}: {
  readonly model: KnownModel
  readonly chosen: string | undefined
}): ReactNode {
  const navigate = useNavigate()
  const { data } = useQuery(typeCountsQuery)
  const labels = useLabels()
  const { nodes, edges } = useMemo(() => {
    const counts = (data?.types ?? []).map(
      ({ type, resources }) => [type, texts.model.resourcesOf(wholeNumber(resources))] as const,
    )
    return diagramOf(model, new Map(counts), chosen, labels)
  }, [model, data, chosen, labels])
  const open = useCallback(
    (type: string) => void navigate({ to: '.', search: () => ({ type }), replace: true }),
    [navigate],
  )
  return (
    <Paper p="md">
      <Graph nodes={nodes} edges={edges} label={texts.model.diagramLabel} onOpen={open} height={640} />
      <Text size="xs" c="dimmed" mt="xs">
        {texts.model.diagramHelp}
      </Text>
    </Paper>
  )
}
