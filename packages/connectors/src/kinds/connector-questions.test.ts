import { expect, test } from 'vitest'
import { ldap } from '../ldap/connector.ts'
import { postgresql } from '../postgresql/connector.ts'
import { questionsOf } from './connector-questions.ts'

test('what is asked for are secrets, and texts that have no default', () => {
  const asked = questionsOf(postgresql).map(({ name, required, secret }) => ({ name, required, secret }))
  expect(asked).toEqual([
    { name: 'url', required: true, secret: false },
    { name: 'password', required: false, secret: true },
    { name: 'certificateAuthority', required: false, secret: false },
  ])
})

test('what may be a text or a list is asked for, a choice with a default and a map are not', () => {
  const names = questionsOf(ldap).map(({ name }) => name)
  expect(names).toContain('user')
  expect(names).not.toContain('changes')
  expect(names).not.toContain('tables')
})

test('each is told with what its schema says of it', () => {
  for (const { says } of [...questionsOf(ldap), ...questionsOf(postgresql)]) expect(says).toMatch(/\.$/)
})
