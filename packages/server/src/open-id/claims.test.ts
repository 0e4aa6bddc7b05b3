import { expect, test } from 'vitest'
import { NoRoleError, OpenIdConnectError } from '../server-errors.ts'
import { personOf, roleOf } from './claims.ts'

const roles = {
  claim: 'groups',
  groups: [
    ['admin', ['sluice-admins']],
    ['operator', []],
    ['editor', []],
    ['viewer', ['staff', 'guests']],
  ],
} as const
const at = { issuer: 'https://login.example.org', subject: '17' }

test('the most powerful role counts of those that the groups of a person have', () => {
  expect(roleOf({ groups: ['staff', 'sluice-admins'] }, roles)).toBe('admin')
  expect(roleOf({ groups: 'guests' }, roles)).toBe('viewer')
  for (const groups of [undefined, [], ['Staff'], ['staff,guests'], {}, null])
    expect(roleOf({ groups }, roles)).toBeUndefined()
})

test('a star is everybody, and a claim may lie in another one', () => {
  const all = {
    claim: 'realm_access.roles',
    groups: [...roles.groups.slice(0, 3), ['viewer', ['*']]],
  } as const
  expect(roleOf({}, all)).toBe('viewer')
  expect(roleOf({ realm_access: { roles: ['sluice-admins'] } }, all)).toBe('admin')
  expect(roleOf({ 'realm_access.roles': ['sluice-admins'] }, all)).toBe('admin')
  expect(roleOf({ realm_access: 'sluice-admins' }, all)).toBe('viewer')
})

test('the name is that of the claim, or the e-mail address; without one nobody gets an account', () => {
  const settings = { name: 'preferred_username', roles }
  const groups = ['staff']
  expect(personOf({ preferred_username: 'ada', email: 'a@example.org', groups }, at, settings)).toEqual({
    ...at,
    name: 'ada',
    email: 'a@example.org',
    role: 'viewer',
  })
  expect(personOf({ email: 'a@example.org', groups }, at, settings)).toMatchObject({ name: 'a@example.org' })
  for (const name of ['', 'Ada Lovelace', '<b>', 7, null])
    expect(() => personOf({ preferred_username: name, groups }, at, settings)).toThrow(OpenIdConnectError)
  expect(() => personOf({ preferred_username: 'ada' }, at, settings)).toThrow(NoRoleError)
})
