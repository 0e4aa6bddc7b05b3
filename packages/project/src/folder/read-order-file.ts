/**
 * Orders as a CSV has them: one line for each thing that an order says.
 *
 * Lines of one id about one resource are one order. A line without a property says whether the row should be there: `exists` or `gone`.
 *
 * @module
 */
import { BrokenRecordError, type CsvRecord, RecordReader } from '@sluice/inbox'
import { type NewOrder, newOrderSchema, orderExistences, SluiceError } from '@sluice/model'

/** SLUICE-ORDER-06: a file of orders cannot be read; nothing of it was stated. The message says which line, and what is wrong with it. */
export class OrderFileError extends SluiceError {
  readonly code = 'SLUICE-ORDER-06'
  readonly blame = 'usage'
  readonly retry = false

  constructor(file: string, line: number, reason: string) {
    super(`Line ${line} of ${file}: ${reason}.`, {
      remedy: `Mend the line; the columns are ${columns.join(', ')}, separated by commas or semicolons.`,
      place: { file, line },
    })
  }
}

const required = ['source', 'type', 'resource', 'property', 'value'] as const
const columns = ['id', ...required, 'ordered', 'due'] as const
type Column = (typeof columns)[number]

/** Characters that a record may have. */
const longestRecord = 1_000_000

/** `file` names it in messages. */
export function readOrderFile(text: string, file: string): readonly NewOrder[] {
  const [header, ...lines] = recordsOf(text.replace(/^\uFEFF/, ''), file)
  if (header === undefined) throw new OrderFileError(file, 1, 'there is no header')
  const cellOf = cellsBy(header, file)
  const orders = new Map<string, NewOrder>()
  for (const [place, line] of lines.entries()) {
    const order = orderOf(line, (column) => cellOf(line, column), file)
    const { id, source, entityType, resource, orderedAt, dueAt } = order
    const name = JSON.stringify([id ?? place, source, entityType, resource, orderedAt, dueAt])
    orders.set(name, joined(orders.get(name), order, { file, line: line.line }))
  }
  return [...orders.values()]
}

function recordsOf(text: string, file: string): readonly CsvRecord[] {
  const [first = ''] = text.split('\n', 1)
  const separator = first.includes(';') ? ';' : ','
  const reader = new RecordReader({ separator, qualifier: '"' }, longestRecord)
  try {
    return [...reader.take(text), ...reader.end()]
  } catch (error) {
    if (!(error instanceof BrokenRecordError)) throw error
    throw new OrderFileError(file, error.line, 'a quote is not closed, or something stands behind one')
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

function orderOf({ line }: CsvRecord, cell: (column: Column) => string, file: string): NewOrder {
  const [property, value] = [cell('property'), cell('value')]
  if (property === '' && !orderExistences.some((one) => one === value))
    throw new OrderFileError(
      file,
      line,
      `without a property, the value has to be ${orderExistences.join(' or ')}`,
    )
  const [id, orderedAt, dueAt] = [cell('id'), cell('ordered'), cell('due')]
  const parsed = newOrderSchema.safeParse({
    ...(id === '' ? {} : { id }),
    source: cell('source'),
    entityType: cell('type'),
    resource: cell('resource'),
    ...(property === '' ? { existence: value } : { values: { [property]: value } }),
    ...(orderedAt === '' ? {} : { orderedAt }),
    ...(dueAt === '' ? {} : { dueAt }),
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new OrderFileError(
    file,
    line,
    `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'it is wrong'}`.trim(),
  )
}

function joined(
  before: NewOrder | undefined,
  order: NewOrder,
  { file, line }: { readonly file: string; readonly line: number },
): NewOrder {
  if (before === undefined) return order
  const twice =
    before.existence !== undefined && order.existence !== undefined
      ? 'the existence'
      : Object.keys(order.values ?? {}).find((name) => Object.hasOwn(before.values ?? {}, name))
  if (twice !== undefined) throw new OrderFileError(file, line, `order ${order.id} says ${twice} twice`)
  return { ...before, ...order, values: { ...before.values, ...order.values } }
}
