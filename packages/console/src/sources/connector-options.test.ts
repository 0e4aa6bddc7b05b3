import { describe, expect, test } from 'vitest'
import { optionRows } from './connector-options.ts'

const schema = {
  properties: {
    url: { type: 'string', description: 'Where it is.' },
    port: { type: 'integer', default: 389 },
    password: { secret: true, description: 'Of the user.' },
    tables: { $ref: '#/$defs/Tables' },
  },
  required: ['url'],
  $defs: { Tables: { description: 'The `files`.' } },
}

test('options stand in the order of the schema, with what is given, and what is usual where nothing is', () => {
  const rows = optionRows(schema, { connector: 'ldap', url: 'ldap://x', tables: { people: {} }, retries: 2 })
  expect(rows.map(({ name, value, usual }) => [name, value, usual])).toEqual([
    ['url', 'ldap://x', undefined],
    ['port', undefined, '389'],
    ['password', undefined, undefined],
    ['tables', '{\n  "people": {}\n}', undefined],
    ['retries', '2', undefined],
  ])
  expect(rows.map(({ required }) => required)).toEqual([true, false, false, false, false])
  expect(rows[3]).toMatchObject({ description: 'The files.', long: true })
})

describe('a secret', () => {
  test.each([
    [{ environment: 'LDAP_PASSWORD' }, 'From the variable LDAP_PASSWORD of the agent'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
    ['${ONE}:${TWO}', 'From the variable ONE, TWO of the agent'],
    [{ file: '/run/secrets/ldap' }, 'From the file /run/secrets/ldap beside the agent'],
    [{ command: ['pass', 'show', 'hidden'] }, 'What pass prints beside the agent'],
    ['correct horse', 'Stands in the file itself, and is not shown'],
    [['correct', 'horse'], 'Stands in the file itself, and is not shown'],
  ])('is never shown, only from where it comes: %o', (given, text) => {
    const [row] = optionRows(
      { properties: { password: { secret: true, default: 'horse' } } },
      { password: given },
    )
    expect(row).toMatchObject({ value: text, usual: undefined, secret: true })
    expect(JSON.stringify(row)).not.toMatch(/horse|hidden/)
  })
})

test('without a schema, what is given stands as it is written', () => {
  expect(optionRows(null, { connector: './crm', url: 'https://crm' })).toMatchObject([
    { name: 'url', value: 'https://crm', description: '' },
  ])
})
