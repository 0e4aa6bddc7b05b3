import { expect, test } from 'vitest'
import { markdownParts } from './markdown-element.ts'

test('what is told of a name has code, lists and paragraphs', () => {
  expect(markdownParts('```tpl\ntext.upper(t)\n```\n\nIn upper case.\n\n- from `Host`\n- from `VM`')).toEqual(
    [
      { kind: 'code', lines: ['text.upper(t)'] },
      { kind: 'text', lines: ['In upper case.'] },
      { kind: 'list', lines: ['from `Host`', 'from `VM`'] },
    ],
  )
})
