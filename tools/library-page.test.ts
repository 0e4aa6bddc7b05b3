import { readFileSync } from 'node:fs'
import * as library from '@sluice/project'
import { expect, test } from 'vitest'

test('docs/library.md names everything that the package exports, and nothing else', () => {
  const page = readFileSync(new URL('../docs/library.md', import.meta.url), 'utf8')
  const [, reference = ''] = page.split('## What is exported')
  const named = reference
    .split('\n')
    .flatMap((line) => [...(/^\| (`[^|]+)\|/.exec(line)?.[1] ?? '').matchAll(/`(\w+)`/g)])
    .map(([, name = '']) => name)
  expect(named.toSorted()).toEqual(Object.keys(library).toSorted())
})
