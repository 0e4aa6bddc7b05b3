/**
 * Takes what a document holds, item by item: into a table, or among the rows that cannot be read.
 *
 * @module
 */
import { cutText, nodesMapping, relationshipsMapping, storableText } from '@sluice/model'
import type { BadRow } from '../read/record-sink.ts'
import { type GraphItem, type ItemTrouble, isTrouble } from './graph-item.ts'
import type { GraphTables } from './graph-tables.ts'

/** Where an item stands, and how it is written there. */
export interface ItemPlace {
  readonly file: string
  readonly line: number
  readonly text: string
}

const longestText = 500

const mappingsOf = {
  node: [nodesMapping],
  relationship: [relationshipsMapping],
  neither: [nodesMapping, relationshipsMapping],
} as const

export function takeItem(item: GraphItem, place: ItemPlace, tables: GraphTables): void {
  if (isTrouble(item.row)) {
    tables.reject(mappingsOf[item.type], badItem(item.row, place))
    return
  }
  const reason = tables.whyTooLong(item.row)
  if (reason !== undefined)
    tables.reject(mappingsOf[item.type], badItem({ reason, column: null, keys: undefined }, place))
  else if (item.type === 'node') tables.node(item.row)
  else if (item.type === 'relationship') tables.relationship(item.row)
}

function badItem({ reason, column, keys }: ItemTrouble, { file, line, text }: ItemPlace): BadRow {
  return {
    file,
    line,
    column,
    reason,
    text: cutText(storableText(text), longestText),
    fields: [...(keys ?? [])],
    ...(keys === undefined ? { anyKey: true } : {}),
  }
}
