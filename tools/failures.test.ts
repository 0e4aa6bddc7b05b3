/**
 * What people are told of every failure that a database or a file system knows, at the command line and by a server.
 *
 * What an operator can mend is never called a defect of Sluice: only what no operator can have caused is one.
 */
import { constants } from 'node:os'
import { Writable } from 'node:stream'
import fastify from 'fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { exitStatus } from '../packages/cli/src/exit-status.ts'
import { explainError } from '../packages/cli/src/explain-error.ts'
import { Outlet } from '../packages/cli/src/output/outlet.ts'
import { SluiceError } from '../packages/model/src/index.ts'
import { errorOfStatement } from '../packages/repository/src/database/statement-errors.ts'
import { answerError } from '../packages/server/src/http/answer-error.ts'
import { sqlStates } from '../test/sql-states.ts'

interface Shown {
  readonly code: string
  readonly message: string
  readonly remedy?: string | null
}

/** What `--json` prints. */
async function printed(error: unknown): Promise<Shown> {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  const outlet = new Outlet(stream, { color: false })
  const context = {
    out: outlet,
    err: outlet,
    environment: {},
    workingFolder: '/',
    user: 'olga',
    signal: new AbortController().signal,
  }
  expect(await explainError(context, ['--json'], error)).toBe(exitStatus.failed)
  return JSON.parse(text).error
}

/** What the server answers, and how often it may be asked again. */
async function answered(error: unknown): Promise<Shown & { status: number; retry: boolean }> {
  await using app = fastify().setErrorHandler(answerError)
  app.get('/', () => Promise.reject(error))
  const answer = await app.inject({ method: 'GET', url: '/' })
  return { status: answer.statusCode, ...answer.json() }
}

const ofStatement = (code: string) =>
  errorOfStatement({ message: 'it says', code }, { location: 'db.example.org', schema: 'sluice' })

function ofFile(code: string): Error {
  return Object.assign(new Error(`${code}: open '/srv/secret/a.csv'`), {
    code,
    errno: 1,
    syscall: 'open',
    path: '/srv/secret/a.csv',
  })
}

/** Names by what became of them. */
function grouped(list: readonly (readonly [string, string])[]): Record<string, string> {
  const groups = new Map<string, string[]>()
  for (const [name, what] of list) groups.set(what, [...(groups.get(what) ?? []), name])
  return Object.fromEntries(
    [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, names]) => [what, names.sort().join(' ')]),
  )
}

describe('every SQLSTATE', () => {
  let all: readonly { name: string; here: Shown; there: Awaited<ReturnType<typeof answered>>; error: Error }[]
  beforeAll(async () => {
    all = await Promise.all(
      sqlStates.map(async ([name]) => {
        const error = ofStatement(name)
        return { name, error, here: await printed(error), there: await answered(error) }
      }),
    )
  })

  test('is told at the command line as by a server, with a sentence and with what to do', () => {
    for (const { here, there, error } of all) {
      expect(here.code).toBe(there.code)
      if (here.code === 'SLUICE-DEFECT') continue
      expect(here.message).toMatch(/^(A|The) .*db\.example\.org.*\.$/)
      expect(here.remedy).toMatch(/\.$/)
      expect(there.retry).toBe(error instanceof SluiceError && error.retry)
      expect(there.status).toBe(there.retry ? 503 : 422)
    }
  })

  test('that is a defect is one of a statement that Sluice wrote wrongly, or of a value it should have looked at', () => {
    const defects = all.filter(({ here }) => here.code === 'SLUICE-DEFECT').map(({ name }) => name)
    expect(new Set(defects.map((name) => name.slice(0, 2)))).toEqual(
      new Set(['03', '0B', '0F', '0L', '0Z', '10', '21', '22', '24', '25', '2B', '2D', '3B', '40', '42']),
    )
  })

  test('has its place', () => {
    const shown = all
      .filter(({ here }) => here.code !== 'SLUICE-DEFECT')
      .map(({ name, there }) => [name, `${there.code}${there.retry ? ', again' : ''}`] as const)
    expect(grouped(shown)).toMatchInlineSnapshot(`
      {
        "SLUICE-REPOSITORY-02, again": "08000 08001 08003 08004 08006 08007 08P01 25P03 25P04 26000 34000 40003 53300 57P01 57P02 57P03 57P05 HV00N",
        "SLUICE-REPOSITORY-06, again": "53000 53100 53200 53400 54001 HV001",
        "SLUICE-REPOSITORY-07, again": "0LP01 0P000 28000 28P01 42501",
        "SLUICE-REPOSITORY-14, again": "40000 40001 40P01 55006 55P03 57000 57014 72000",
        "SLUICE-REPOSITORY-15, again": "25006",
        "SLUICE-REPOSITORY-16, again": "3D000 57P04 58000 58030 58P01 58P02 58P03 F0000 F0001 XX000 XX001 XX002",
        "SLUICE-REPOSITORY-21": "54000 54011 54023",
        "SLUICE-REPOSITORY-31": "09000 20000 23000 23001 23502 23503 23505 23514 23P01 27000 2F000 2F002 2F003 2F004 2F005 38000 38001 38002 38003 38004 39000 39001 39004 39P01 39P02 39P03 44000 P0000 P0001 P0002 P0003 P0004",
        "SLUICE-REPOSITORY-32, again": "0A000 2BP01 3F000 42701 42702 42703 42704 42710 42723 42725 42804 42809 42830 42883 428C9 42P01 42P06 42P07 42P10 42P16 42P17 42P22 55000 55P02 55P04 HV000 HV002 HV004 HV005 HV006 HV007 HV008 HV009 HV00A HV00B HV00C HV00D HV00J HV00K HV00L HV00M HV00P HV00Q HV00R HV010 HV014 HV021 HV024 HV090 HV091",
      }
    `)
  })
})

describe('every error of the file system', () => {
  const codes = Object.keys(constants.errno)

  test('has its place at the command line', async () => {
    const shown = await Promise.all(
      codes.map(async (code) => [code, (await printed(ofFile(code))).code] as const),
    )
    expect(grouped(shown)).toMatchInlineSnapshot(`
      {
        "SLUICE-DEFECT": "EBADF EFAULT",
        "SLUICE-FILES-01": "EACCES EAGAIN EBUSY ECONNABORTED ECONNRESET EDEADLK EDQUOT EFBIG EHOSTUNREACH EINTR EIO EMFILE EMLINK ENETDOWN ENETUNREACH ENFILE ENOBUFS ENODEV ENOLCK ENOMEM ENOSPC ENOTCONN ENXIO EOVERFLOW EPERM EPROTO EROFS ESTALE ETIMEDOUT ETXTBSY",
        "SLUICE-FILES-02": "E2BIG EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EALREADY EBADMSG ECANCELED ECHILD ECONNREFUSED EDESTADDRREQ EDOM EEXIST EIDRM EILSEQ EINPROGRESS EINVAL EISCONN EISDIR ELOOP EMSGSIZE EMULTIHOP ENAMETOOLONG ENETRESET ENODATA ENOENT ENOEXEC ENOLINK ENOMSG ENOPROTOOPT ENOSR ENOSTR ENOSYS ENOTDIR ENOTEMPTY ENOTSOCK ENOTSUP ENOTTY EOPNOTSUPP EPIPE EPROTONOSUPPORT EPROTOTYPE ERANGE ESPIPE ESRCH ETIME EWOULDBLOCK EXDEV",
      }
    `)
  })

  test('has its place at a server, which names no file', async () => {
    const shown = await Promise.all(
      codes.map(async (code) => {
        const answer = await answered(ofFile(code))
        expect(JSON.stringify(answer)).not.toContain('/srv/secret')
        return [code, `${answer.status} ${answer.code}`] as const
      }),
    )
    expect(grouped(shown)).toMatchInlineSnapshot(`
      {
        "500 SLUICE-DEFECT": "EBADF EFAULT",
        "503 SLUICE-SERVER-11": "E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADMSG EBUSY ECANCELED ECHILD ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDESTADDRREQ EDOM EEXIST EFBIG EHOSTUNREACH EIDRM EILSEQ EINPROGRESS EINTR EINVAL EIO EISCONN EISDIR ELOOP EMFILE EMLINK EMSGSIZE EMULTIHOP ENAMETOOLONG ENETDOWN ENETRESET ENETUNREACH ENFILE ENOBUFS ENODATA ENODEV ENOENT ENOEXEC ENOLCK ENOLINK ENOMEM ENOMSG ENOPROTOOPT ENOSR ENOSTR ENOSYS ENOTCONN ENOTDIR ENOTEMPTY ENOTSOCK ENOTSUP ENOTTY ENXIO EOPNOTSUPP EOVERFLOW EPERM EPIPE EPROTO EPROTONOSUPPORT EPROTOTYPE ERANGE EROFS ESPIPE ESRCH ESTALE ETIME ETIMEDOUT ETXTBSY EWOULDBLOCK EXDEV",
        "507 SLUICE-SERVER-10": "EDQUOT ENOSPC",
      }
    `)
  })
})
