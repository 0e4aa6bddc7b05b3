/**
 * The modules of a source: an editor, and beside it what they come to.
 *
 * @module
 */
import { Alert, Badge, Button, Group, Tooltip } from '@mantine/core'
import type { SourceModules } from '@sluice/model'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page, PageSkeleton } from '../design/page.tsx'
import { saveFile } from '../design/save-file.ts'
import { useDraft } from '../shell/use-draft.ts'
import { type DescribedSource, definitionQuery } from '../sources/source-queries.ts'
import { texts } from '../texts/texts.ts'
import { EvaluateAgain } from './evaluate-again.tsx'
import { modulesQuery } from './mapping-queries.ts'
import { StoreModules } from './store-modules.tsx'
import { useModulesDraft } from './use-modules-draft.ts'
import { Workbench } from './workbench.tsx'

const { mappings: words } = texts

export function MappingPage(): ReactNode {
  const { source = '' } = useParams({ strict: false })
  const modules = useQuery(modulesQuery(source))
  const definition = useQuery(definitionQuery(source))
  const error = modules.error ?? definition.error
  if (error !== null)
    return (
      <Page title={words.of(source)} above={[[words.title, '/mappings']]}>
        <ErrorNotice error={error} retry={modules.refetch} />
      </Page>
    )
  if (modules.data === undefined || definition.data === undefined) return <PageSkeleton />
  return <Shown key={source} source={source} stored={modules.data} definition={definition.data} />
}

interface ShownProps {
  readonly source: string
  readonly stored: SourceModules
  readonly definition: DescribedSource
}

function Shown({ source, stored, definition }: ShownProps): ReactNode {
  const draft = useModulesDraft(source, stored)
  const stores = useDraft(`modules stored ${source}`, readFlag)
  const { may } = useSession()
  const isOfFile = definition.definedIn === 'file'
  return (
    <Page
      title={words.of(source)}
      above={[[words.title, '/mappings']]}
      badge={
        <Badge variant="light" color="gray">
          {isOfFile ? words.ofFile : words.stored}
        </Badge>
      }
      description={isOfFile ? words.ofFileHelp(definition.place ?? '') : words.storedHelp}
      actions={
        draft.changed.length > 0 && (
          <>
            <Tooltip label={words.discardHelp}>
              <Button variant="default" onClick={draft.forget}>
                {words.discard}
              </Button>
            </Tooltip>
            {isOfFile ? (
              <Download draft={draft} />
            ) : (
              may('administer') && (
                <StoreModules
                  source={source}
                  stored={stored}
                  draft={draft}
                  onStored={() => stores.keep(true)}
                />
              )
            )}
          </>
        )
      }
    >
      {draft.isStale && <Stale draft={draft} />}
      {stores.draft === true && <EvaluateAgain source={source} onDone={stores.drop} />}
      <Workbench source={source} stored={stored} draft={draft} />
    </Page>
  )
}

function readFlag(stored: unknown): true | undefined {
  return stored === true ? true : undefined
}

type DraftProps = { readonly draft: ReturnType<typeof useModulesDraft> }

function Download({ draft: { modules, changed } }: DraftProps): ReactNode {
  const save = () => {
    for (const { file, text } of modules)
      if (changed.includes(file)) saveFile(file.split('/').at(-1) ?? file, 'text/plain', [text])
  }
  return <Button onClick={save}>{words.download}</Button>
}

function Stale({ draft }: DraftProps): ReactNode {
  return (
    <Alert color="yellow" title={words.stale}>
      {words.staleHelp}
      <Group mt="xs">
        <Button variant="default" onClick={draft.keep}>
          {words.keepMine}
        </Button>
        <Button variant="default" onClick={draft.forget}>
          {words.takeTheirs}
        </Button>
      </Group>
    </Alert>
  )
}
