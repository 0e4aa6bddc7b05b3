/**
 * All that fits the filters, as a file: read page by page, however many they are.
 *
 * @module
 */

import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { EntityType } from '@sluice/model'
import { type ReactNode, useRef, useState } from 'react'
import { askLines } from '../api/ask.ts'
import { csvRows } from '../design/csv.ts'
import { wholeNumber } from '../design/moment.tsx'
import { SaveButton } from '../design/save-as.tsx'
import { saveFile } from '../design/save-file.ts'
import { texts } from '../texts/texts.ts'
import type { Browse } from './browse.ts'
import { conditionsOf, type Listed } from './use-resources.ts'
import { valueText } from './value-text.ts'

interface SaveAllProps {
  readonly type: EntityType
  readonly browse: Browse
  readonly columns: readonly string[]
}

type Format = 'csv' | 'json'
const pageSize = 5000

export function SaveAll({ type, browse, columns }: SaveAllProps): ReactNode {
  const [count, setCount] = useState<number>()
  const stop = useRef<AbortController>(null)
  const save = async (format: Format) => {
    stop.current = new AbortController()
    setCount(0)
    try {
      const pages = readPages({ type, browse, columns }, stop.current.signal, setCount)
      const parts = format === 'csv' ? await csvParts(columns, pages) : await jsonParts(pages)
      saveFile(`${type.name}.${format}`, format === 'csv' ? 'text/csv' : 'application/json', parts)
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
  return (
    <Group gap={2}>
      <SaveButton
        text={texts.common.csv}
        label={texts.resources.saveAll(texts.common.csv)}
        onSave={() => void save('csv')}
      />
      <SaveButton
        text={texts.common.json}
        label={texts.resources.saveAll(texts.common.json)}
        onSave={() => void save('json')}
      />
    </Group>
  )
}

async function* readPages(
  { type, browse, columns }: SaveAllProps,
  signal: AbortSignal,
  onCount: (count: number) => void,
): AsyncGenerator<readonly Listed[]> {
  const query = {
    ...conditionsOf(type, browse),
    columns: columns.join(','),
    sort: browse.sort,
    limit: pageSize,
  }
  let count = 0
  let cursor: string | undefined
  do {
    const page = await askLines('GET /resources/:entityType', {
      params: { entityType: type.name },
      query: { ...query, cursor },
      signal,
    })
    yield page
    count += page.length
    onCount(count)
    cursor = page.length < pageSize ? undefined : page.at(-1)?.cursor
  } while (cursor !== undefined)
}

async function csvParts(
  columns: readonly string[],
  pages: AsyncIterable<readonly Listed[]>,
): Promise<string[]> {
  const parts = [csvRows([['id', ...columns]])]
  for await (const page of pages) parts.push(csvRows(page.map((row) => cells(row, columns))))
  return parts
}

/** Numbers stay numbers, so that no spreadsheet guards against them. */
function cells({ resourceId, values }: Listed, columns: readonly string[]): (string | number)[] {
  return [resourceId, ...columns.map((name) => cellOf(values[name]))]
}

function cellOf(value: unknown): string | number {
  return typeof value === 'number' ? value : valueText(value)
}

async function jsonParts(pages: AsyncIterable<readonly Listed[]>): Promise<string[]> {
  const parts: string[] = []
  for await (const page of pages)
    for (const { cursor: _, ...resource } of page)
      parts.push(`${parts.length === 0 ? '[' : ','}\n${JSON.stringify(resource)}`)
  return [...parts, parts.length === 0 ? '[]\n' : '\n]\n']
}
