import { generateKeyPairSync, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Answered, type Asked, HttpSystem } from '../../test/http-system.ts'
import { record, surroundings } from '../../test/recorded-export.ts'
import { googleWorkspace } from './connector.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Checks the signature as Google does. */
function token({ body, origin }: Asked): Answered {
  const { grant_type: grant, assertion = '' } = Object.fromEntries(new URLSearchParams(body))
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const right = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${claims}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  )
  if (!right || grant !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
    return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } }
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iss: 'sluice@example.iam',
    sub: 'reader@example.org',
    aud: `${origin}/token`,
    scope: expect.stringContaining('admin.directory.group.member.readonly'),
  })
  return { body: { access_token: 'google-token', expires_in: 3599, token_type: 'Bearer' } }
}

const users = Array.from({ length: 25 }, (_, index) => ({
  id: `${index}`,
  primaryEmail: `p${index}@example.org`,
  emails: [{ address: `p${index}@example.org` }],
}))

function answer(asked: Asked): Answered {
  const { path, query, headers } = asked
  if (path === '/token') return token(asked)
  if (headers.authorization !== 'Bearer google-token') return { status: 401 }
  if (path === '/admin/directory/v1/groups/g1/members')
    return { body: { members: [{ id: '1' }, { id: '2' }] } }
  // A group without members has no list of them.
  if (path === '/admin/directory/v1/groups/g2/members') return { body: { kind: 'admin#directory#members' } }
  if (query.get('customer') !== 'my_customer') return { status: 400 }
  if (path === '/admin/directory/v1/groups') return { body: { groups: [{ id: 'g1' }, { id: 'g2' }] } }
  const start = Number(query.get('pageToken') ?? 0)
  const next = start + 10 < users.length ? { nextPageToken: String(start + 10) } : {}
  return { body: { users: users.slice(start, start + 10), ...next } }
}

const optionsOf = ({ address }: HttpSystem) => ({
  address,
  key: { environment: 'KEY' },
  subject: 'reader@example.org',
})
const keyOf = ({ address }: HttpSystem, key = privateKey) => ({
  KEY: JSON.stringify({
    client_email: 'sluice@example.iam',
    private_key: key.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${address}/token`,
  }),
})

test('a service account signs who it is, and reads users, groups and members to the last page', async () => {
  await using system = await HttpSystem.open(answer)
  const wanted = {
    'users.csv': ['id', 'emails.address'],
    'groups.csv': ['id'],
    'members.csv': ['group', 'member'],
  }
  const { tables } = await record(googleWorkspace, optionsOf(system), wanted, { secrets: keyOf(system) })
  expect(tables['users.csv']).toHaveLength(1 + 25)
  expect(tables['members.csv']).toEqual([
    ['group', 'member'],
    ['g1', '1'],
    ['g1', '2'],
  ])
  expect(system.asked.filter(({ path }) => path === '/token')).toHaveLength(1)
})

test('a key of somebody else is refused, and what is no key file is not shown', async () => {
  await using system = await HttpSystem.open(answer)
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const check = (secrets: Readonly<Record<string, string>>) =>
    googleWorkspace.with(optionsOf(system)).check(surroundings({ secrets }))
  await expect(check(keyOf(system, other))).rejects.toThrow('answers with 400: Invalid JWT Signature.')
  const failing = check({ KEY: 'correct horse' })
  await expect(failing).rejects.toThrow('is no key file')
  await expect(failing).rejects.not.toThrow('horse')
})
