/**
 * What a list shows, as a file.
 *
 * @module
 */
import { Button, Group } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import { csvOf } from './csv.ts'

interface SaveAsProps<Row> {
  readonly rows: readonly Row[]
  readonly columns: readonly {
    readonly id: string
    readonly value: (row: Row) => string | number | null | undefined
  }[]
  readonly name: string
}

export function SaveAs<Row>({ rows, columns, name }: SaveAsProps<Row>): ReactNode {
  const asCsv = () =>
    csvOf(
      columns.map(({ id }) => id),
      rows.map((row) => columns.map(({ value }) => value(row))),
    )
  return (
    <Group gap={2}>
      <Save text={texts.common.csv} onSave={() => download(`${name}.csv`, 'text/csv', asCsv())} />
      <Save
        text={texts.common.json}
        onSave={() => download(`${name}.json`, 'application/json', JSON.stringify(rows, null, 2))}
      />
    </Group>
  )
}

function Save({ text, onSave }: { readonly text: string; readonly onSave: () => void }): ReactNode {
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      leftSection={<IconDownload size={13} />}
      onClick={onSave}
    >
      {text}
    </Button>
  )
}

function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
