/** What can be done with a resource; what its role or its locks forbid is not offered, with the reason. @module */
import { Button, CopyButton, Menu, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconPencil } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { texts } from '../texts/texts.ts'
import { DeleteResource } from './delete-resource.tsx'
import type { FactsOf } from './source-facts.ts'
import type { Editor } from './use-editor.ts'
import type { Explanation } from './use-resource.ts'
import { useResourceView } from './use-resource-view.ts'

interface ResourceActionsProps {
  readonly explanation: Explanation
  readonly factsOf: FactsOf
  readonly editor: Editor
}

export function ResourceActions({ explanation, factsOf, editor }: ResourceActionsProps): ReactNode {
  const { may } = useSession()
  const [, change] = useResourceView()
  const { values, deleted } = explanation
  const isLocked = values.every(({ lockedBy }) => lockedBy !== null)
  const begin = () => {
    if (isLocked) return
    change({ tab: 'attributes' })
    void editor.begin()
  }
  return (
    <>
      <CopyMenu explanation={explanation} />
      {may('edit') && deleted === null && (
        <>
          <Tooltip label={texts.resources.allLocked} disabled={!isLocked}>
            <Button
              leftSection={<IconPencil size={14} />}
              data-disabled={isLocked || undefined}
              aria-disabled={isLocked}
              disabled={editor.draft !== undefined}
              onClick={begin}
            >
              {editor.draft === undefined ? texts.resources.edit : texts.resources.editing}
            </Button>
          </Tooltip>
          <DeleteResource explanation={explanation} factsOf={factsOf} />
        </>
      )}
    </>
  )
}

function CopyMenu({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { values, resourceId, entityType } = explanation
  const document = {
    resourceId,
    entityType,
    values: Object.fromEntries(values.map(({ property, value }) => [property, value])),
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconCopy size={14} />}>
          {texts.common.copy}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <CopyItem text={texts.resources.copyLink} value={location.href} />
        <CopyItem text={texts.resources.copyJson} value={JSON.stringify(document, null, 2)} />
      </Menu.Dropdown>
    </Menu>
  )
}

function CopyItem({ text, value }: { readonly text: string; readonly value: string }): ReactNode {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={copy}
        >
          {copied ? texts.common.copied : text}
        </Menu.Item>
      )}
    </CopyButton>
  )
}
