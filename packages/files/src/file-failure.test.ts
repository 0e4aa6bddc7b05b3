import { open } from 'node:fs/promises'
import { constants } from 'node:os'
import { SluiceError } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { asFileFailure, kindOfFileFailure } from './file-failure.ts'

/** Whatever is not among them is about the file itself, or no error that files have. */
const expected = {
  full: 'EDQUOT ENOSPC',
  forbidden: 'EACCES EPERM EROFS',
  busy: 'EAGAIN EBUSY EDEADLK EINTR EMFILE ENFILE ENOBUFS ENOLCK ENOMEM ETXTBSY',
  limited: 'EFBIG EMLINK EOVERFLOW',
  fault:
    'ECONNABORTED ECONNRESET EHOSTUNREACH EIO ENETDOWN ENETUNREACH ENODEV ENOTCONN ENXIO EPROTO ESTALE ETIMEDOUT',
} as const

describe('an error of the file system', () => {
  test('of every kind that the system knows has its meaning', () => {
    const known = Object.keys(constants.errno)
    const found = Object.fromEntries(
      Object.keys(expected).map((kind) => [
        kind,
        known
          .filter((code) => kindOfFileFailure(code) === kind)
          .sort()
          .join(' '),
      ]),
    )
    expect(found).toEqual(expected)
  })

  test.each([
    'ENOENT',
    'ENOTDIR',
    'EISDIR',
    'ELOOP',
    'ENAMETOOLONG',
    'EEXIST',
    'EINVAL',
    'ENOTEMPTY',
    'EXDEV',
  ])('%s is about the file, is told with its name, and does not pass by itself', (code) => {
    const error = Object.assign(new Error(code), { code, syscall: 'open', path: '/a' })
    expect(asFileFailure(error)).toMatchObject({
      code: 'SLUICE-FILES-02',
      message: expect.stringMatching(new RegExp(`^/a cannot be used \\(${code}: [^)]+\\)\\.$`)),
      retry: false,
    })
  })

  test('that has no place is none: of all that the system knows, only those of a defect stay as they are', () => {
    const left = Object.keys(constants.errno).filter((code) => {
      const error = Object.assign(new Error(code), { code, syscall: 'open', path: '/a' })
      return !(asFileFailure(error) instanceof SluiceError)
    })
    expect(left.sort()).toEqual(['EBADF', 'EFAULT'])
  })

  test.each([
    ['ENOSPC', 'Free space'],
    ['EDQUOT', 'Free space'],
    ['EACCES', 'the user that Sluice runs as'],
    ['EROFS', 'the user that Sluice runs as'],
    ['EMFILE', 'open files'],
    ['EFBIG', 'ulimit -f'],
    ['EIO', 'the disk, or the network share'],
    ['ESTALE', 'the disk, or the network share'],
  ])('%s is told with the file and what to do, and may pass', (code, remedy) => {
    const error = Object.assign(new Error(code), { code, syscall: 'open', path: '/inbox/a.csv' })
    expect(asFileFailure(error)).toMatchObject({
      code: 'SLUICE-FILES-01',
      message: `/inbox/a.csv cannot be used (${code}).`,
      remedy: expect.stringContaining(remedy),
      retry: true,
    })
  })

  test('that the machine really gives is one of a file; one of a socket is not', async () => {
    const real: unknown = await open('/proc/self/mem/nothing').catch((error: unknown) => error)
    expect(asFileFailure(real)).toMatchObject({ code: 'SLUICE-FILES-02', what: 'ENOTDIR' })
    const reading = Object.assign(new Error('i/o error'), { code: 'EIO', syscall: 'read' })
    expect(asFileFailure(reading, '/inbox/a.csv')).toMatchObject({ details: { path: '/inbox/a.csv' } })
    expect(asFileFailure(reading)).toMatchObject({ message: 'A file cannot be used (EIO).' })
    const socket = Object.assign(new Error('gone'), { code: 'ECONNRESET', syscall: 'read' })
    expect(asFileFailure(socket)).toBe(socket)
  })
})
