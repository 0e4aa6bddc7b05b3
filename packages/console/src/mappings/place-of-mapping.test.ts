import { expect, test } from 'vitest'
import { placeOfMapping } from './place-of-mapping.ts'

test('a part of a drawing knows where its mapping begins', () => {
  const modules = [{ file: 'a.tpl', text: 'tpl 1.15 module A;\n  syncmapping B 1.0' }]
  expect(placeOfMapping(modules, 'a.tpl\n21\nhost')).toEqual({
    file: 'a.tpl',
    position: { line: 1, character: 2 },
  })
  expect(placeOfMapping(modules, 'b.tpl\n0\nhost')).toBeUndefined()
})
