/**
 * A list as a file, all of it and not only what has been scrolled to: read page by page, however many there are.
 *
 * @module
 */
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useRef, useState } from 'react'
import { allPages, type ReadPage } from '../api/use-listed.ts'
import { texts } from '../texts/texts.ts'
import { csvRows } from './csv.ts'
import { wholeNumber } from './moment.tsx'
import { SaveButton } from './save-as.tsx'
import { saveFile } from './save-file.ts'

type Cell = string | number | null | undefined

interface SavePagesProps<Row> {
  readonly name: string
  readonly columns: readonly { readonly id: string; readonly value: (row: Row) => Cell }[]
  readonly readPage: ReadPage<Row>
}

type Format = 'csv' | 'json'

export function SavePages<Row extends { readonly cursor: string }>(props: SavePagesProps<Row>): ReactNode {
  const { name, columns, readPage } = props
  const [count, setCount] = useState<number>()
  const stop = useRef<AbortController>(null)
  const save = async (format: Format) => {
    stop.current = new AbortController()
    setCount(0)
    try {
      const pages = counted(allPages(readPage, stop.current.signal), setCount)
      const parts = format === 'csv' ? await csvParts(columns, pages) : await jsonParts(pages)
      saveFile(`${name}.${format}`, format === 'csv' ? 'text/csv' : 'application/json', parts)
    } catch (error) {
      if (!stop.current.signal.aborted) notifications.show({ color: 'red', message: String(error) })
    } finally {
      setCount(undefined)
    }
  }
  if (count !== undefined)
    return (
      <Group gap="xs" role="status">
        <Text size="xs" c="dimmed">
          {texts.resources.saving(wholeNumber(count))}
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => stop.current?.abort()}>
          {texts.resources.stopSaving}
        </Button>
      </Group>
    )
  const button = (text: string, format: Format) => (
    <SaveButton text={text} label={texts.resources.saveAll(text)} onSave={() => void save(format)} />
  )
  return (
    <Group gap={2}>
      {button(texts.common.csv, 'csv')}
      {button(texts.common.json, 'json')}
    </Group>
  )
}

async function* counted<Row>(
  pages: AsyncIterable<readonly Row[]>,
  onCount: (count: number) => void,
): AsyncGenerator<readonly Row[]> {
  let count = 0
  for await (const page of pages) {
    yield page
    count += page.length
    onCount(count)
  }
}

async function csvParts<Row>(
  columns: SavePagesProps<Row>['columns'],
  pages: AsyncIterable<readonly Row[]>,
): Promise<string[]> {
  const parts = [csvRows([columns.map(({ id }) => id)])]
  for await (const page of pages)
    parts.push(csvRows(page.map((row) => columns.map(({ value }) => value(row)))))
  return parts
}

async function jsonParts<Row extends { readonly cursor: string }>(
  pages: AsyncIterable<readonly Row[]>,
): Promise<string[]> {
  const parts: string[] = []
  for await (const page of pages)
    for (const { cursor: _, ...record } of page)
      parts.push(`${parts.length === 0 ? '[' : ','}\n${JSON.stringify(record)}`)
  return [...parts, parts.length === 0 ? '[]\n' : '\n]\n']
}
