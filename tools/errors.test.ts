import { describe, expect, test } from 'vitest'
import { declaredCodes, errorsPage, mentionedCodes } from './errors-page.ts'

/** Of packages that a server is made of, and yet no request meets them. */
const neverAnswered = [
  // Reasons why a notification was not taken, or of what it tells.
  'SLUICE-NOTIFY-04',
  'SLUICE-NOTIFY-05',
  'SLUICE-NOTIFY-06',
  // The reasons with which a delivery is refused: they stand in its status.
  'SLUICE-RECEIVE-13',
  'SLUICE-RECEIVE-14',
  'SLUICE-RECEIVE-15',
  'SLUICE-RECEIVE-16',
  'SLUICE-RECEIVE-17',
  'SLUICE-RECEIVE-19',
  // Before the server listens: its folder or its tables are not opened.
  'SLUICE-REPOSITORY-04',
  'SLUICE-REPOSITORY-05',
  'SLUICE-REPOSITORY-08',
  // While the tables follow the model: the server does so before it listens, `sluice model apply` without one.
  'SLUICE-REPOSITORY-09',
  'SLUICE-REPOSITORY-10',
  'SLUICE-REPOSITORY-11',
  'SLUICE-REPOSITORY-28',
  'SLUICE-REPOSITORY-29',
  // Before the server listens: its certificate, its address.
  'SLUICE-SERVER-08',
  'SLUICE-SERVER-09',
]

describe('error codes', () => {
  test('are documented where they are declared', () => {
    expect(declaredCodes().filter(({ text }) => text === undefined)).toEqual([])
  })

  test('are declared once', () => {
    const codes = declaredCodes().map(({ code }) => code)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })

  test('are never mentioned without being declared', () => {
    const declared = new Set(declaredCodes().map(({ code }) => code))
    expect([...mentionedCodes()].filter((code) => !declared.has(code))).toEqual([])
  })

  test('say in their class whether the same may succeed later', () => {
    const classes = declaredCodes().filter(({ blame }) => blame !== undefined)
    expect(classes.filter(({ retry }) => retry === undefined)).toEqual([])
  })

  test('say their HTTP status in every class that can reach a request', () => {
    const serving = /^(engine|inbox|notify|repository|server)\//
    const silent = declaredCodes().filter(({ file, status }) => serving.test(file) && status === undefined)
    expect(silent.map(({ code }) => code)).toEqual(neverAnswered)
  })

  test('say no HTTP status where nothing is served', () => {
    const elsewhere = /^(agent|cli|connectors|files|model|prepare|project|protocol)\//
    expect(
      declaredCodes().filter(({ file, status }) => elsewhere.test(file) && status !== undefined),
    ).toEqual([])
  })

  test('are the ones docs/errors.md lists', async () => {
    await expect(errorsPage()).toMatchFileSnapshot('../docs/errors.md')
  })
})
