import { expect, test } from 'vitest'
import { optionalPackage } from './optional-package.ts'

test('a package that is not installed is named, with what installs it', async () => {
  const name = 'sluice-has-no-such-package'
  const loading = optionalPackage('Parquet', { [name]: '1.2.3' }, () => import(name))
  await expect(loading).rejects.toMatchObject({
    message: `Parquet needs ${name}@1.2.3, which is not installed.`,
    remedy: `Install it where Sluice is installed: npm install ${name}@1.2.3`,
    passing: false,
  })
})

test('one that is installed and does not load says why itself', async () => {
  const broken = optionalPackage('Parquet', {}, () => Promise.reject(new SyntaxError('broken')))
  await expect(broken).rejects.toThrow(SyntaxError)
})
