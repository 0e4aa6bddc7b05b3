import { expect, test } from 'vitest'
import { labelledColumn } from './labelled-column.ts'
import { labelsOf } from './labels.ts'

const labels = labelsOf({
  types: new Map([
    ['Person', { name: 'Person', labels: { de: 'Mitarbeiter' }, abstract: false, properties: [] }],
  ]),
  associations: [],
  sources: [],
})

interface Row {
  readonly type: string | null
}

test('a column of names shows labels, and is sorted and saved by names', () => {
  const column = labelledColumn<Row>(
    { id: 'type', header: 'Type', text: ({ type }, as) => type && as.type(type) },
    labels,
  )
  expect(column.value({ type: 'Person' })).toBe('Person')
  expect(column.cell?.({ type: 'Person' })).toBe('Mitarbeiter')
  expect(column.cell?.({ type: null })).toBe('–')
})
