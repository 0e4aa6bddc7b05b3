/** @module */
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'

export function Copy({ value }: { readonly value: string }): ReactNode {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => {
        const label = copied ? texts.common.copied : texts.common.copy
        return (
          <Tooltip label={label}>
            <ActionIcon size="sm" onClick={copy} aria-label={label} className="no-print">
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )
      }}
    </CopyButton>
  )
}
