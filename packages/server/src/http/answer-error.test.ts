import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
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
