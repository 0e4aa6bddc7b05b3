/** A file that a resource has as a value: its name and size, by which it is saved. @module */
import { Anchor } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { urlOf } from '../api/ask.ts'
import { texts } from '../texts/texts.ts'
import { valueText } from './value-text.ts'

interface FileLinkProps {
  readonly type: string
  /** Its id. */
  readonly resource: string
  readonly property: string
  readonly value: unknown
}

export function FileLink({ type, resource, property, value }: FileLinkProps): ReactNode {
  const url = urlOf('GET /resources/:entityType/:key/files/:property', {
    params: { entityType: type, key: resource, property },
  })
  return (
    <Anchor href={url.href} download inherit title={texts.resources.download}>
      {valueText(value)} <IconDownload size={13} aria-hidden />
    </Anchor>
  )
}
