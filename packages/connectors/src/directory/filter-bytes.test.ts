import { expect, test } from 'vitest'
import { parseFilter } from './filter-bytes.ts'
import { loadLdapts } from './ldapts.ts'

/** What is sent for a filter, in hexadecimal digits. */
async function sent(text: string): Promise<string> {
  const ldapts = await loadLdapts()
  const writer = new ldapts.BerWriter()
  parseFilter(ldapts, text).write(writer)
  return writer.buffer.toString('hex')
}

test.each([
  ['(cn=M\\c3\\bcller)', Buffer.from('Müller')],
  ['(cn=Müller)', Buffer.from('Müller')],
  ['(objectGUID=\\ff\\80\\01\\41)', Buffer.from('ff800141', 'hex')],
  ['(objectGUID=\\c3\\bc\\ff)', Buffer.from('c3bcff', 'hex')],
  ['(&(cn=a)(|(objectGUID=\\ff)(!(uid=\\fe))))', Buffer.from('fe', 'hex')],
  ['(cn=a\\28b\\29)', Buffer.from('a(b)')],
])('the bytes of %s are sent as they are meant', async (text, bytes) => {
  expect(await sent(text)).toContain(
    `04${bytes.length.toString(16).padStart(2, '0')}${bytes.toString('hex')}`,
  )
})
