import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSecret, SecretMissingError } from './read-secret.ts'

test('a secret in a file is read anew each time, without the line break at its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-secret-'))
  const path = join(folder, 'password')
  try {
    writeFileSync(path, 'old\n')
    expect(await readSecret('password', { kind: 'file', path })).toBe('old')
    writeFileSync(path, 'new\n')
    expect(await readSecret('password', { kind: 'file', path })).toBe('new')
  } finally {
    rmSync(folder, { recursive: true })
  }
  await expect(readSecret('password', { kind: 'file', path })).rejects.toThrow(SecretMissingError)
})
