/**
 * Orders as a CSV has them: one line for each thing that an order says.
 *
 * Lines of one id about one resource are one order. A line without a property says whether the row should be there: `exists` or `gone`. One
 * that names a resource in the column `to` is about a link: its type is an association.
 *
 * @module
 */
import { BrokenRecordError, type CsvRecord, RecordReader } from '@sluice/inbox'
import {
  type NewLinkOrder,
  type NewOrder,
  type NewRowOrder,
  newLinkOrderSchema,
  newRowOrderSchema,
  orderExistences,
  SluiceError,
} from '@sluice/model'
import type { z } from 'zod'

/** SLUICE-ORDER-06: a file of orders cannot be read; none of them was added. The message says which line, and what is wrong with it. */
export class OrderFileError extends SluiceError {
  readonly code = 'SLUICE-ORDER-06'
  readonly blame = 'usage'
  readonly retry = false

  constructor(file: string, line: number, reason: string) {
    super(`Line ${line} of ${file}: ${reason}.`, {
      remedy: `Correct the line; the columns are ${columns.join(', ')}, separated by commas or semicolons.`,
      place: { file, line },
    })
  }
}

const required = ['source', 'type', 'resource', 'property', 'value'] as const
const columns = ['id', ...required, 'to', 'ordered', 'due'] as const
type Column = (typeof columns)[number]

/** Characters that a record may have. */
const longestRecord = 1_000_000

/** `file` names it in messages. */
export function readOrderFile(text: string, file: string): readonly NewOrder[] {
  const [header, ...lines] = recordsOf(text.replace(/^\uFEFF/, ''), file)
  if (header === undefined) throw new OrderFileError(file, 1, 'there is no header')
  const cellOf = cellsBy(header, file)
  const rows = new Map<string, NewRowOrder>()
  const links: NewLinkOrder[] = []
  for (const [place, line] of lines.entries()) {
    const cell = (column: Column) => cellOf(line, column)
    const at = { file, line: line.line }
    if (cell('to') !== '') links.push(linkOrderOf(cell, at))
    else {
      const order = rowOrderOf(cell, at)
      const { id, source, entityType, resource, orderedAt, dueAt } = order
      const name = JSON.stringify([id ?? place, source, entityType, resource, orderedAt, dueAt])
      rows.set(name, joined(rows.get(name), order, at))
    }
  }
  return [...rows.values(), ...links]
}

interface Line {
  readonly file: string
  readonly line: number
}

function recordsOf(text: string, file: string): readonly CsvRecord[] {
  const [first = ''] = text.split('\n', 1)
  const separator = first.includes(';') ? ';' : ','
  const reader = new RecordReader({ separator, qualifier: '"' }, longestRecord)
  try {
    return [...reader.take(text), ...reader.end()]
  } catch (error) {
    if (!(error instanceof BrokenRecordError)) throw error
    throw new OrderFileError(file, error.line, 'a quote is not closed, or text follows a closing quote')
  }
}

function cellsBy(header: CsvRecord, file: string): (record: CsvRecord, column: Column) => string {
  const names = header.cells.map((name) => name.trim().toLowerCase())
  const unknown = names.find((name) => !columns.some((column) => column === name))
  if (unknown !== undefined)
    throw new OrderFileError(file, header.line, `there is no column ${JSON.stringify(unknown)}`)
  const missing = required.find((name) => !names.includes(name))
  if (missing !== undefined) throw new OrderFileError(file, header.line, `the column ${missing} is missing`)
  return (record, column) => {
    if (record.cells.length !== names.length)
      throw new OrderFileError(
        file,
        record.line,
        `it has ${record.cells.length} cells, and the header ${names.length}`,
      )
    return record.cells[names.indexOf(column)] ?? ''
  }
}

type Cell = (column: Column) => string

function rowOrderOf(cell: Cell, at: Line): NewRowOrder {
  const [property, value] = [cell('property'), cell('value')]
  if (property === '') requireExistence(value, at, 'without a property')
  return parsedAs(newRowOrderSchema, at, {
    ...statedIn(cell),
    entityType: cell('type'),
    resource: cell('resource'),
    ...(property === '' ? { existence: value } : { values: { [property]: value } }),
  })
}

function linkOrderOf(cell: Cell, at: Line): NewLinkOrder {
  const [property, value] = [cell('property'), cell('value')]
  if (property !== '') throw new OrderFileError(at.file, at.line, 'an order of a link has no property')
  requireExistence(value, at, 'of a link')
  return parsedAs(newLinkOrderSchema, at, {
    ...statedIn(cell),
    association: cell('type'),
    from: cell('resource'),
    to: cell('to'),
    existence: value,
  })
}

function requireExistence(value: string, { file, line }: Line, of: string): void {
  if (orderExistences.some((one) => one === value)) return
  throw new OrderFileError(file, line, `${of}, the value has to be ${orderExistences.join(' or ')}`)
}

function statedIn(cell: Cell): Record<string, string> {
  const [id, orderedAt, dueAt] = [cell('id'), cell('ordered'), cell('due')]
  return {
    ...(id === '' ? {} : { id }),
    source: cell('source'),
    ...(orderedAt === '' ? {} : { orderedAt }),
    ...(dueAt === '' ? {} : { dueAt }),
  }
}

function parsedAs<T>(schema: z.ZodType<T>, { file, line }: Line, order: unknown): T {
  const parsed = schema.safeParse(order)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const reason = `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'it is wrong'}`.trim()
  throw new OrderFileError(file, line, reason)
}

function joined(before: NewRowOrder | undefined, order: NewRowOrder, { file, line }: Line): NewRowOrder {
  if (before === undefined) return order
  const twice =
    before.existence !== undefined && order.existence !== undefined
      ? 'the existence'
      : Object.keys(order.values ?? {}).find((name) => Object.hasOwn(before.values ?? {}, name))
  if (twice !== undefined) throw new OrderFileError(file, line, `order ${order.id} says ${twice} twice`)
  return { ...before, ...order, values: { ...before.values, ...order.values } }
}
