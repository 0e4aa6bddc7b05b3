import { expect, test } from 'vitest'
import { changedFiles, draftedModules, readDraft, withText } from './modules-draft.ts'

const stored = {
  version: 'v1',
  modules: [
    { file: 'a.tpl', text: 'one' },
    { file: 'b.tpl', text: 'two' },
  ],
}

test('what is written is kept beside what is stored, and forgotten when it is the same again', () => {
  const draft = withText(stored, undefined, { file: 'b.tpl', text: '2' })
  expect(draft).toEqual({ version: 'v1', texts: { 'b.tpl': '2' } })
  expect(changedFiles(stored, draft)).toEqual(['b.tpl'])
  expect(draftedModules(stored, draft).map(({ text }) => text)).toEqual(['one', '2'])
  expect(withText(stored, draft, { file: 'b.tpl', text: 'two' })).toBeUndefined()
})

test('a draft says with which modules it began, whatever is stored since', () => {
  const draft = withText(stored, undefined, { file: 'a.tpl', text: '1' })
  const later = withText({ ...stored, version: 'v2' }, draft, { file: 'b.tpl', text: '2' })
  expect(later).toEqual({ version: 'v1', texts: { 'a.tpl': '1', 'b.tpl': '2' } })
})

test('what a tab kept and is no draft is passed over', () => {
  for (const kept of [null, '', 1, {}, { version: 1, texts: {} }, { version: 'v', texts: { a: 1 } }])
    expect(readDraft(kept)).toBeUndefined()
  const draft = { version: 'v1', texts: { 'a.tpl': '1' } }
  expect(readDraft(draft)).toEqual(draft)
})
