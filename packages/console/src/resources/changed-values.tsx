/** Values before and after a change. @module */
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import classes from './changed-values.module.css'
import type { ValueChange } from './history-entries.ts'

export function ChangedValues({ changes }: { readonly changes: readonly ValueChange[] }): ReactNode {
  if (changes.length === 0) return null
  return (
    <dl className={classes['changes']}>
      {changes.map(({ property, before, after }) => (
        <div key={property} className={classes['change']}>
          <dt>{property}</dt>
          <dd>
            {before !== '' && (
              <>
                <del className={classes['before']}>{before}</del>
                {' → '}
              </>
            )}
            {after === '' ? (
              <Text span inherit c="dimmed">
                {texts.resources.empty}
              </Text>
            ) : (
              <ins className={classes['after']}>{after}</ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
