import { expect, test } from 'vitest'
import { readEditDraft } from './edit-draft.ts'

test('a draft is what was kept, and anything else is none', () => {
  const draft = {
    version: 'a1',
    run: 3,
    before: { name: { text: 'Ada' } },
    entered: { name: { text: 'Ada L' } },
    comment: '',
  }
  expect(readEditDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft)
  for (const other of [null, 1, {}, { ...draft, run: '3' }, { ...draft, entered: { name: {} } }])
    expect(readEditDraft(other)).toBeUndefined()
})
