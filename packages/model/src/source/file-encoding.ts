/**
 * How the characters of a source file can be written, and what people call that elsewhere.
 *
 * @module
 */

export const fileEncodings = [
  'utf-8',
  'cesu-8',
  'utf-16',
  'utf-16le',
  'utf-16be',
  'utf-32',
  'utf-32le',
  'utf-32be',
  'latin-1',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-9',
  'iso-8859-10',
  'iso-8859-11',
  'iso-8859-13',
  'iso-8859-14',
  'iso-8859-15',
  'iso-8859-16',
  'koi8-r',
  'koi8-u',
  'macroman',
  'maccenteuro',
  'maccroatian',
  'maccyrillic',
  'macgreek',
  'maciceland',
  'macromania',
  'macturkish',
  'cp437',
  'cp737',
  'cp775',
  'cp850',
  'cp852',
  'cp855',
  'cp857',
  'cp858',
  'cp860',
  'cp861',
  'cp862',
  'cp863',
  'cp865',
  'cp866',
  'cp869',
  'shift-jis',
  'euc-jp',
  'gbk',
  'gb18030',
  'big5',
  'big5-hkscs',
  'euc-kr',
  'cp949',
] as const
export type FileEncoding = (typeof fileEncodings)[number]

/** By names without signs: what databases, editors and programs call what has another name here. */
const otherNames: Readonly<Record<string, FileEncoding>> = {
  ansi: 'windows-1252',
  western: 'windows-1252',
  ascii: 'utf-8',
  usascii: 'utf-8',
  utf8mb4: 'utf-8',
  utf8mb3: 'cesu-8',
  unicode: 'utf-16',
  ucs2: 'utf-16',
  ucs4: 'utf-32',
  latin2: 'iso-8859-2',
  latin3: 'iso-8859-3',
  latin4: 'iso-8859-4',
  latin5: 'iso-8859-9',
  latin6: 'iso-8859-10',
  latin7: 'iso-8859-13',
  latin8: 'iso-8859-14',
  latin9: 'iso-8859-15',
  latin10: 'iso-8859-16',
  koi8: 'koi8-r',
  mac: 'macroman',
  macintosh: 'macroman',
  macce: 'maccenteuro',
  sjis: 'shift-jis',
  cp932: 'shift-jis',
  windows31j: 'shift-jis',
  ujis: 'euc-jp',
  gb2312: 'gbk',
  euccn: 'gbk',
  cp936: 'gbk',
  cp950: 'big5',
  uhc: 'cp949',
  ksc56011987: 'euc-kr',
}

/** The encoding that goes by another name or spelling elsewhere, such as `CP1252`, `ISO8859_15` or `sjis`. */
export function encodingMeant(written: string): FileEncoding | undefined {
  const plain = simplified(written)
  const known = fileEncodings.find((encoding) => simplified(encoding) === plain) ?? otherNames[plain]
  if (known !== undefined) return known
  const [, page] = /^x?(?:cp|win|windows|ms|mswin|codepage|ibm|oem|dos)?(\d{3,4})$/.exec(plain) ?? []
  return fileEncodings.find((encoding) => encoding === `windows-${page}` || encoding === `cp${page}`)
}

function simplified(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return plain.replace(/^x(?=mac|sjis|euc|gbk)/, '').replace(/^(?:iso)?8859(?=\d)/, 'iso8859')
}
