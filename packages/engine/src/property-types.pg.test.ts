import { expect, test } from 'vitest'
import { resourcesOf } from '../test/contents.ts'
import { describeWithEngine, servers } from '../test/engine-harness.ts'
import { rowVersions } from '../test/snapshot.ts'

const everything = `
entityTypes:
  Thing:
    display: code
    properties:
      code: integer
      label: string
      alias: string
      note: text
      price: decimal
      active: boolean
      born: date
      seen: datetime
      serial: uuid
      color: { type: enum, values: [red, green] }
      photo: file
sources:
  stock:
    folder: .
    thresholds: off
    entities:
      Thing:
        file: things.csv
        key: code
        properties:
          code: code
          label: label
          alias: label
          note: note
          price: { column: price, decimalSeparator: ",", thousandsSeparator: "." }
          active: { column: active, words: { true: [ja], false: [nein] } }
          born: { column: born, format: dd/MM/yyyy }
          seen: seen
          serial: serial
          color: color
          photo: { column: photo, fileNameColumn: file, mediaTypeColumn: media }
`
const full = {
  code: '7',
  label: ' a "b", c ',
  note: 'two\r\nlines \\N',
  price: '1.234,50',
  active: 'nein',
  born: '29/02/2024',
  seen: '2026-11-21T22:24:16+02:00',
  serial: '123E4567-E89B-12D3-A456-426614174000',
  color: 'red',
  photo: 'aGVsbG8=',
  file: 'hello.txt',
  media: 'text/plain',
}
const stored = {
  code: 7,
  label: ' a "b", c ',
  alias: ' a "b", c ',
  note: 'two\r\nlines \\N',
  price: '1234.50',
  active: false,
  born: '2024-02-29',
  seen: '2026-11-21T20:24:16Z',
  serial: '123e4567-e89b-12d3-a456-426614174000',
  color: 'red',
  photo: { name: 'hello.txt', mediaType: 'text/plain', size: 5 },
}

describeWithEngine(
  'every type of property',
  (harness) => {
    test('is stored on the first load and by a change alike, and emptied again', async () => {
      await harness.begin(everything)
      await harness.deliver('stock', { Thing: [full] })
      expect(await resourcesOf(harness, 'Thing')).toEqual([stored])
      await harness.deliver('stock', { Thing: [{ code: '7' }] })
      expect(await resourcesOf(harness, 'Thing')).toEqual([{ code: 7 }])
      await harness.deliver('stock', { Thing: [full, { code: '8' }] })
      expect(await resourcesOf(harness, 'Thing')).toEqual([stored, { code: 8 }])
      const versions = await rowVersions(harness)
      await harness.deliver('stock')
      expect(await rowVersions(harness)).toEqual(versions)
    })

    test('is read again when its mapping changes', async () => {
      await harness.begin(everything)
      await harness.deliver('stock', { Thing: [{ code: '7', born: '02/03/2024', active: 'nein' }] })
      await harness.reconfigure(
        everything
          .replace('dd/MM/yyyy', 'MM/dd/yyyy')
          .replace('true: [ja], false: [nein]', 'true: [nein], false: [ja]'),
      )
      const report = await harness.deliver('stock')
      expect(report.entities[0]?.rows).toMatchObject({ updated: 1 })
      expect(await resourcesOf(harness, 'Thing')).toEqual([{ code: 7, born: '2024-02-03', active: true }])
    })
  },
  servers,
)
