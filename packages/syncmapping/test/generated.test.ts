/**
 * The parser that is committed is the one that the grammar gives.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { afterAll, expect, test } from 'vitest'

const own = resolve('packages/syncmapping')
const folder = mkdtempSync(join(tmpdir(), 'sluice-grammar-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the parser is made of the grammar as it stands: npm run generate -w packages/syncmapping', () => {
  cpSync(join(own, 'langium-config.json'), join(folder, 'langium-config.json'))
  cpSync(join(own, 'src/grammar/tpl.langium'), join(folder, 'src/grammar/tpl.langium'))
  const generator = resolve('node_modules/langium-cli/bin/langium.js')
  execFileSync(process.execPath, [generator, 'generate', '--mode=production'], { cwd: folder, stdio: 'pipe' })
  for (const file of ['ast.ts', 'grammar.ts', 'module.ts']) {
    const path = `src/grammar/generated/${file}`
    expect(readFileSync(join(own, path), 'utf8'), file).toBe(readFileSync(join(folder, path), 'utf8'))
  }
})
