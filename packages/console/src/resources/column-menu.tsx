/** Which columns a list has. @module */

import { Button, Checkbox, Popover, ScrollArea, Stack } from '@mantine/core'
import type { EntityType } from '@sluice/model'
import { IconColumns } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'

interface ColumnMenuProps {
  readonly type: EntityType
  readonly columns: readonly string[]
  /** `undefined`: the usual ones. */
  readonly onChange: (columns: readonly string[] | undefined) => void
}

export function ColumnMenu({ type, columns, onChange }: ColumnMenuProps): ReactNode {
  const labels = useLabels()
  const toggle = (name: string) =>
    onChange(columns.includes(name) ? columns.filter((one) => one !== name) : [...columns, name])
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={14} />}>
          {texts.resources.columns}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <ScrollArea.Autosize mah={320}>
            <Stack gap={8} role="group" aria-label={texts.resources.columns}>
              {type.properties.map(({ name }) => (
                <Checkbox
                  key={name}
                  size="xs"
                  label={labels.property(type.name, name)}
                  checked={columns.includes(name)}
                  disabled={columns.length === 1 && columns.includes(name)}
                  onChange={() => toggle(name)}
                />
              ))}
            </Stack>
          </ScrollArea.Autosize>
          <Button variant="subtle" onClick={() => onChange(undefined)}>
            {texts.resources.usualColumns}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
