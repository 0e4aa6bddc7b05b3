import { expect, test } from 'vitest'
import type { Entry } from '../directory/messages.ts'
import { attributeOf, withIds } from './linked-names.ts'

const [ann, bob] = ['7f1ddbd4-3fd6-4528-ac81-26315124fce5', 'bef68288-2e42-4c0e-8ae4-86fa6f6bce43']

test('names lose the ids that they carry to attributes of their own, in the same order', () => {
  const values = [`<GUID=${bob}>;<SID=S-1-5-2>;CN=Bob,DC=x`, `<GUID=${ann}>;CN=Ann,DC=x`]
  const entry: Entry = {
    kind: 'entry',
    dn: `<GUID=${ann}>;CN=staff,DC=x`,
    attributes: new Map([
      ['member', values.map((value) => Buffer.from(value))],
      ['cn', [Buffer.from('staff')]],
      ['photo', [Buffer.from([0xff, 0x00])]],
      ['seealso', []],
    ]),
    controls: [],
  }
  const { dn, attributes } = withIds(entry)
  expect(dn).toBe('CN=staff,DC=x')
  expect(attributes.get('member')?.map(String)).toEqual(['CN=Bob,DC=x', 'CN=Ann,DC=x'])
  expect(attributes.get('member.objectguid')?.map(String)).toEqual([bob, ann])
  expect(attributes.get('cn')?.map(String)).toEqual(['staff'])
  expect(attributes.get('photo')).toEqual([Buffer.from([0xff, 0x00])])
})

test('a column of ids is made of the attribute itself', () => {
  expect([attributeOf('manager.objectGUID'), attributeOf('objectGUID'), attributeOf('cn')]).toEqual([
    'manager',
    'objectGUID',
    'cn',
  ])
})
