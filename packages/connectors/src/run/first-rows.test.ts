import { expect, test } from 'vitest'
import { FirstRows } from './first-rows.ts'

async function first(rows: number, ...chunks: readonly string[]) {
  const of = new FirstRows(rows)
  const csv = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk)
  })()
  let text = ''
  for await (const bytes of of.of(csv)) text += Buffer.from(bytes).toString()
  return { text, enough: of.enough }
}

test('rows are cut off behind the last one that is wanted, however they come', async () => {
  expect(await first(2, '1,a\n2,b\n3,c\n')).toEqual({ text: '1,a\n2,b\n', enough: true })
  expect(await first(2, '1,', 'a\n', '2,b', '\n3')).toEqual({ text: '1,a\n2,b\n', enough: true })
})

test('a line break in quotes ends no row', async () => {
  expect(await first(1, '1,"a\n""b""\nc"\n2,d\n')).toEqual({ text: '1,"a\n""b""\nc"\n', enough: true })
})

test('of fewer rows all are taken', async () => {
  expect(await first(3, '1,a\n2,b\n')).toEqual({ text: '1,a\n2,b\n', enough: false })
})
