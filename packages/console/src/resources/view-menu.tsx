/** Views: chosen, saved, removed. @module */
import { ActionIcon, Anchor, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { apiUrl } from '../api/ask.ts'
import { texts } from '../texts/texts.ts'
import { type Browse, readBrowse, writeBrowse } from './browse.ts'
import { putView, readViews, type SavedView, storeViews } from './saved-views.ts'
import type { ChangeBrowse } from './use-browse.ts'

interface ViewMenuProps {
  readonly type: string
  readonly browse: Browse
  readonly change: ChangeBrowse
}

export function ViewMenu({ type, browse, change }: ViewMenuProps): ReactNode {
  const server = apiUrl('').href
  const [views, setViews] = useState(() => readViews(localStorage, server, type))
  const [name, setName] = useState('')
  const store = (changed: readonly SavedView[]) => {
    storeViews(localStorage, server, type, changed)
    setViews(changed)
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    store(putView(views, { name: name.trim(), address: writeBrowse(browse) }))
    setName('')
  }
  return (
    <Popover position="bottom-end" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconBookmark size={14} />}>
          {texts.resources.views}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Views
            views={views}
            onChoose={({ address }) => change(readBrowse({ ...address }))}
            onRemove={(gone) => store(views.filter((view) => view !== gone))}
          />
          <form onSubmit={save}>
            <Group gap={6} wrap="nowrap" align="flex-end">
              <TextInput
                flex={1}
                label={texts.resources.viewName}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button type="submit">{texts.common.save}</Button>
            </Group>
          </form>
          <Text size="xs" c="dimmed">
            {texts.resources.viewsHelp}
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

interface ViewsProps {
  readonly views: readonly SavedView[]
  readonly onChoose: (view: SavedView) => void
  readonly onRemove: (view: SavedView) => void
}

function Views({ views, onChoose, onRemove }: ViewsProps): ReactNode {
  if (views.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {texts.resources.noViews}
      </Text>
    )
  return views.map((view) => (
    <Group key={view.name} justify="space-between" wrap="nowrap">
      <Anchor component="button" type="button" size="sm" ta="left" onClick={() => onChoose(view)}>
        {view.name}
      </Anchor>
      <ActionIcon size="sm" aria-label={texts.resources.removeView(view.name)} onClick={() => onRemove(view)}>
        <IconTrash size={14} />
      </ActionIcon>
    </Group>
  ))
}
