/** Values before and after a change. @module */
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import classes from './changed-values.module.css'
import type { ValueChange } from './history-entries.ts'

interface ChangedValuesProps {
  /** The entity type or association. */
  readonly of: string
  readonly changes: readonly ValueChange[]
}

export function ChangedValues({ of, changes }: ChangedValuesProps): ReactNode {
  const labels = useLabels()
  if (changes.length === 0) return null
  return (
    <dl className={classes['changes']}>
      {changes.map(({ property, before, after }) => (
        <div key={property} className={classes['change']}>
          <dt>{labels.property(of, property)}</dt>
          <dd>
            {before !== '' && (
              <>
                <del className={classes['before']}>{labels.value(of, property, before)}</del>
                {' → '}
              </>
            )}
            {after === '' ? (
              <Text span inherit c="dimmed">
                {texts.resources.empty}
              </Text>
            ) : (
              <ins className={classes['after']}>{labels.value(of, property, after)}</ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
