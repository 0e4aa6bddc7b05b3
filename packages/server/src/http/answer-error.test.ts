import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { DiskFullError } from '@sluice/files'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { answerError } from './answer-error.ts'

test.runIf(existsSync('/dev/full'))('a full disk is reported as one, and not as a defect', async () => {
  await using app = fastify().setErrorHandler(answerError)
  app.put('/', () => writeFile('/dev/full', 'x'))
  const answer = await app.inject({ method: 'PUT', url: '/' })
  expect(answer.statusCode).toBe(507)
  expect(answer.json()).toMatchObject({
    code: 'SLUICE-SERVER-10',
    message: 'The disk of the server is full.',
  })
})

test.each([
  ['EACCES', 503, 'SLUICE-SERVER-11'],
  ['EROFS', 503, 'SLUICE-SERVER-11'],
  ['EMFILE', 503, 'SLUICE-SERVER-11'],
  ['EIO', 503, 'SLUICE-SERVER-11'],
  ['ESTALE', 503, 'SLUICE-SERVER-11'],
  ['EDQUOT', 507, 'SLUICE-SERVER-10'],
  ['ENOENT', 503, 'SLUICE-SERVER-11'],
  ['ENOTDIR', 503, 'SLUICE-SERVER-11'],
  ['EBADF', 500, 'SLUICE-DEFECT'],
])('%s of a file is answered with %i, %s, and without the name of the file', async (code, status, told) => {
  await using app = fastify().setErrorHandler(answerError)
  const failure = Object.assign(new Error(`${code}: open /secret`), {
    code,
    syscall: 'open',
    path: '/secret',
  })
  app.put('/', () => Promise.reject(failure))
  const answer = await app.inject({ method: 'PUT', url: '/' })
  expect(answer.statusCode).toBe(status)
  expect(answer.json()).toMatchObject({ code: told, retry: true })
  expect(answer.body).not.toContain('/secret')
})

test('a full folder that has a name here is told without it', async () => {
  await using app = fastify().setErrorHandler(answerError)
  app.put('/', () => Promise.reject(new DiskFullError('/secret', undefined)))
  const answer = await app.inject({ method: 'PUT', url: '/' })
  expect(answer.json()).toMatchObject({ code: 'SLUICE-SERVER-10' })
  expect(answer.body).not.toContain('/secret')
})
