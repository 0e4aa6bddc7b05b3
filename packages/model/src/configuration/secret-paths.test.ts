import { expect, test } from 'vitest'
import { z } from 'zod'
import { secretPaths } from './secret-paths.ts'
import { secretSchema } from './secret-schema.ts'

const schema = z.toJSONSchema(
  z.strictObject({
    url: z.string(),
    password: secretSchema.optional(),
    servers: z.array(z.strictObject({ name: z.string(), token: secretSchema })).optional(),
    proxy: z
      .union([z.literal(false), z.strictObject({ user: z.string(), password: secretSchema })])
      .optional(),
    headers: z.record(z.string(), secretSchema).optional(),
  }),
  { io: 'input' },
)

test('secrets are found in maps, lists, alternatives and maps of names, and nothing else is taken for one', () => {
  const value = {
    url: 'https://example.org',
    password: { file: 'password.txt' },
    servers: [{ name: 'a', token: 'x' }],
    proxy: { user: 'ann', password: 'y' },
    headers: { Authorization: 'z' },
  }
  expect(secretPaths(schema, value)).toEqual([
    ['password'],
    ['servers', 0, 'token'],
    ['proxy', 'password'],
    ['headers', 'Authorization'],
  ])
})

test('a value that does not fit the schema holds none where the schema says nothing', () => {
  expect(secretPaths(schema, { url: 1, other: { password: 'x' }, servers: 'y' })).toEqual([])
  expect(secretPaths(schema, 'text')).toEqual([])
})

test('secrets are found in schemas that are named', () => {
  const authentication = z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('bearer'), token: secretSchema }),
    ])
    .meta({ id: 'NamedAuthentication' })
  const named = z.toJSONSchema(z.strictObject({ authentication: authentication.optional() }), { io: 'input' })
  expect(secretPaths(named, { authentication: { kind: 'bearer', token: 'x' } })).toEqual([
    ['authentication', 'token'],
  ])
})
