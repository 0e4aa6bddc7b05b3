/**
 * Values as readers see them; the exact one when pointed at.
 *
 * @module
 */

import { Anchor, Text } from '@mantine/core'
import type { Property } from '@sluice/model'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { exactTime } from '../design/moment.tsx'
import { valueLabel } from '../model/labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { valueText } from './value-text.ts'

const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })

interface ValueProps {
  readonly value: unknown
  readonly property?: Property | undefined
  /** Id of the resource that a reference points to. */
  readonly reference?: string | null | undefined
}

export function Value({ value, property, reference }: ValueProps): ReactNode {
  const text = valueText(value)
  if (text === '')
    return (
      <Text span inherit c="dimmed">
        –
      </Text>
    )
  if (property?.type === 'reference' && typeof reference === 'string')
    return (
      <Anchor
        component={Link}
        to={resourceAddress(property.to, reference)}
        inherit
        onClick={(event) => event.stopPropagation()}
      >
        {text}
      </Anchor>
    )
  if (property?.type === 'date')
    return (
      <time dateTime={text} title={text}>
        {dayOf(text)}
      </time>
    )
  if (property?.type === 'datetime')
    return (
      <time dateTime={text} title={text}>
        {timeOf(text)}
      </time>
    )
  return <span title={text}>{valueLabel(property, text)}</span>
}

/** Dates far away are beyond what a browser counts. */
function dayOf(text: string): string {
  const at = Date.parse(text)
  return Number.isNaN(at) ? text : days.format(at)
}

function timeOf(text: string): string {
  return Number.isNaN(Date.parse(text)) ? text : exactTime(text)
}
