/**
 * Modules as developers of mappings write them: odd blanks, comments anywhere, words that are keywords elsewhere.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compile, formatModule } from '../src/index.ts'

const folder = 'packages/syncmapping/test/field'

test.each(globSync('*.tpl', { cwd: folder }))(
  '%s is read and checked without an error, before and after it is formatted',
  (file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const formatted = formatModule(file, text)
    for (const one of [text, formatted.type === 'formatted' ? formatted.text : '']) {
      const { diagnostics, program } = compile([{ file, text: one }])
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      expect(errors.map(({ at, code, message }) => `${at.line}:${at.column} ${code} ${message}`)).toEqual([])
      expect(program.mappings).toHaveLength(1)
    }
  },
)
