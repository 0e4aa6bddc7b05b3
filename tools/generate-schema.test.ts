import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { generateSchemaFiles } from './generate-schema.ts'

test('the JSON Schema and the reference page are current: node tools/generate-schema.ts', async () => {
  for (const [file, text] of await generateSchemaFiles()) {
    expect(await readFile(file, 'utf8'), file.pathname).toBe(text)
  }
})
