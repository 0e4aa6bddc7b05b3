import { describe, expect, test } from 'vitest'
import { declaredCodes, errorsPage, mentionedCodes } from './errors-page.ts'

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

  test('are the ones docs/errors.md lists', async () => {
    await expect(errorsPage()).toMatchFileSnapshot('../docs/errors.md')
  })
})
