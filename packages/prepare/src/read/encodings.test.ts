import { type FileEncoding, fileEncodings } from '@sluice/model'
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { settle, toUtf8 } from './encodings.ts'

/** What each can say beyond ASCII. */
const samples: Readonly<Partial<Record<FileEncoding, string>>> = {
  'windows-1250': 'Wiśniewski Łódź Dvořák',
  'windows-1251': 'Иванов',
  'windows-1253': 'Παπαδόπουλος',
  'windows-1254': 'Yıldız Şahin',
  'windows-1255': 'שלום',
  'windows-1256': 'محمد',
  'windows-1257': 'Žukauskas Ģirts',
  'windows-1258': 'Ngưu',
  'windows-874': 'สมชาย',
  'iso-8859-2': 'Wiśniewski',
  'iso-8859-3': 'Ġorġ',
  'iso-8859-4': 'Ģirts',
  'iso-8859-5': 'Иванов',
  'iso-8859-6': 'محمد',
  'iso-8859-7': 'Παπαδόπουλος',
  'iso-8859-8': 'שלום',
  'iso-8859-9': 'Şahin',
  'iso-8859-10': 'Þór',
  'iso-8859-11': 'สมชาย',
  'iso-8859-13': 'Žukauskas',
  'iso-8859-14': 'Ŵyn',
  'iso-8859-15': 'Zoë €',
  'iso-8859-16': 'Ștefan',
  'koi8-r': 'Иванов',
  'koi8-u': 'Їжак',
  maccenteuro: 'Łódź',
  maccroatian: 'Đorđe',
  maccyrillic: 'Иванов',
  macgreek: 'Παπα',
  macromania: 'Ştefan',
  macturkish: 'Yıldız',
  cp437: 'Zoë ½',
  cp737: 'Παπα',
  cp775: 'Žukauskas',
  cp852: 'Łódź',
  cp855: 'Иванов',
  cp857: 'Yıldız',
  cp860: 'São',
  cp862: 'שלום',
  cp866: 'Иванов',
  cp869: 'Παπα',
  // The second byte of 表 is a backslash, that of ソ too.
  'shift-jis': '表ソ山田',
  'euc-jp': '山田太郎',
  gbk: '王小明',
  gb18030: '王小明 😀',
  big5: '許功蓋',
  'big5-hkscs': '許功蓋',
  'euc-kr': '김철수',
  cp949: '똠방각하',
}

/** The bytes in UTF-8, read in pieces of `size`. */
async function read(bytes: Buffer, encoding: FileEncoding, size = bytes.length): Promise<Buffer> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const found: Buffer[] = []
  for await (const piece of toUtf8(pieces(), settle(encoding, undefined))) found.push(Buffer.from(piece))
  return Buffer.concat(found)
}

const unicode = /^(utf|cesu)-/
/** What the library calls an encoding. */
const libraryName = (encoding: FileEncoding) =>
  ({ 'utf-16': 'utf-16le', 'utf-32': 'utf-32le', 'cesu-8': 'cesu8' })[encoding as string] ?? encoding

test.each(fileEncodings)('%s is read as what it is, in pieces of any size', async (encoding) => {
  const name = unicode.test(encoding) ? 'Zoë Łódź 山 😀' : (samples[encoding] ?? 'Zoë')
  const text = `id,name\n2,"${name}, x"\n1,a\n`
  const bytes = iconv.encode(text, libraryName(encoding), { addBOM: false })
  for (const size of [bytes.length, 1, 5]) expect((await read(bytes, encoding, size)).toString()).toBe(text)
})

test.each([
  ['windows-1250', [0x81], 1],
  ['windows-1252', [0x9d], 1],
  ['windows-1253', [0xd2], 1],
  ['iso-8859-7', [0xff], 1],
  ['shift-jis', [0x82], 1],
  ['euc-jp', [0xff], 1],
  ['gbk', [0x81], 1],
  ['big5', [0xff], 1],
  ['euc-kr', [0x82], 1],
  ['utf-32le', [0, 0, 0x11, 0], 1],
] as const)(
  '%s: what is no character is not a text afterwards, and swallows nothing',
  async (encoding, bad, count) => {
    const name = libraryName(encoding)
    const bytes = Buffer.concat([iconv.encode('a,', name), Buffer.from(bad), iconv.encode('\nb,c\n', name)])
    expect([...(await read(bytes, encoding))]).toEqual([
      ...Buffer.from('a,'),
      ...Array(count).fill(0xff),
      ...Buffer.from('\nb,c\n'),
    ])
  },
)
