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
import { saveFile } from './save-file.ts'

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
      <SaveButton text={texts.common.csv} onSave={() => saveFile(`${name}.csv`, 'text/csv', [asCsv()])} />
      <SaveButton
        text={texts.common.json}
        onSave={() => saveFile(`${name}.json`, 'application/json', [JSON.stringify(rows, null, 2)])}
      />
    </Group>
  )
}

interface SaveButtonProps {
  readonly text: string
  /** Says more than the text does. */
  readonly label?: string
  readonly onSave: () => void
}

export function SaveButton({ text, label, onSave }: SaveButtonProps): ReactNode {
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      leftSection={<IconDownload size={13} />}
      aria-label={label}
      onClick={onSave}
    >
      {text}
    </Button>
  )
}
