/**
 * A whole as a bar of its parts, with the number of each beside it.
 *
 * @module
 */
import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './runs.module.css'

export interface BarPart {
  readonly name: string
  readonly size: number
  /** How its size is told. */
  readonly shown: ReactNode
  /** Of CSS. */
  readonly color: string
}

export function PartsBar({
  parts,
  label,
}: {
  readonly parts: readonly BarPart[]
  readonly label: string
}): ReactNode {
  return (
    <div>
      <div className={classes['bar']} role="img" aria-label={label}>
        {parts.map(({ name, size, color }) => (
          <div
            key={name}
            className={classes['part']}
            title={name}
            style={{ flexGrow: size, background: color }}
          />
        ))}
      </div>
      <ul className={classes['legend']} style={{ listStyle: 'none', padding: 0, margin: '8px 0 0' }}>
        {parts.map(({ name, shown, color }) => (
          <Group key={name} component="li" gap={6} wrap="nowrap">
            <span className={classes['dot']} style={{ background: color }} aria-hidden />
            <Text span size="sm" c="dimmed">
              {name}
            </Text>
            <Text span size="sm" fw={500}>
              {shown}
            </Text>
          </Group>
        ))}
      </ul>
    </div>
  )
}
