import { createHash } from 'node:crypto'

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** OpenSSL's; absent where it is kept from computing MD5, as with FIPS. Keys of standard mappings are made of it, so that it is called for each CI. */
export const fastMd5: ((text: string) => string) | undefined = isAllowed() ? md5 : undefined

function isAllowed(): boolean {
  try {
    return md5('') !== ''
  } catch {
    return false
  }
}
