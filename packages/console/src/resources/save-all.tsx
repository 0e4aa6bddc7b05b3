/**
 * All resources that fit the filters, as a file.
 *
 * @module
 */
import type { EntityType } from '@sluice/model'
import type { ReactNode } from 'react'
import { askLines } from '../api/ask.ts'
import type { ReadPage } from '../api/use-listed.ts'
import { SavePages } from '../design/save-pages.tsx'
import type { Browse } from './browse.ts'
import { conditionsOf, type Listed } from './use-resources.ts'
import { valueText } from './value-text.ts'

interface SaveAllProps {
  readonly type: EntityType
  readonly browse: Browse
  readonly columns: readonly string[]
}

export function SaveAll({ type, browse, columns }: SaveAllProps): ReactNode {
  const query = { ...conditionsOf(type, browse), columns: columns.join(','), sort: browse.sort }
  const readPage: ReadPage<Listed> = ({ signal, ...page }) =>
    askLines('GET /resources/:entityType', {
      params: { entityType: type.name },
      query: { ...query, ...page },
      signal,
    })
  return (
    <SavePages
      name={type.name}
      columns={[
        { id: 'id', value: ({ resourceId }) => resourceId },
        ...columns.map((name) => ({ id: name, value: ({ values }: Listed) => cellOf(values[name]) })),
      ]}
      readPage={readPage}
    />
  )
}

/** Numbers stay numbers, so that no spreadsheet guards against them. */
function cellOf(value: unknown): string | number {
  return typeof value === 'number' ? value : valueText(value)
}
