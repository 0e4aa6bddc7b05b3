/**
 * Columns that a mapping of entries may begin with: what people look for first, and everything else that entries have as comments.
 *
 * @module
 */
import type { DiscoveredColumn } from '../contract/discovered.ts'
import { formOf } from '../directory/values.ts'
import type { Schema } from './schema.ts'

/** In the order in which they are suggested. */
const usual: readonly DiscoveredColumn[] = [
  { name: 'sAMAccountName', type: 'text' },
  { name: 'userPrincipalName', type: 'text' },
  { name: 'name', type: 'text' },
  { name: 'displayName', type: 'text' },
  { name: 'givenName', type: 'text' },
  { name: 'sn', type: 'text' },
  { name: 'mail', type: 'text' },
  { name: 'employeeID', type: 'text' },
  { name: 'title', type: 'text' },
  { name: 'department', type: 'text' },
  { name: 'company', type: 'text' },
  { name: 'telephoneNumber', type: 'text' },
  { name: 'mobile', type: 'text' },
  { name: 'description', type: 'text' },
  { name: 'objectSid', type: 'text' },
  { name: 'userAccountControl', property: 'enabled', type: 'boolean', transforms: [{ flag: 2 }, 'not'] },
  { name: 'whenCreated', type: 'datetime', transforms: ['generalizedTime'] },
  { name: 'pwdLastSet', type: 'datetime', transforms: ['filetime'] },
  { name: 'accountExpires', type: 'datetime', transforms: ['filetime'] },
  { name: 'lastLogonTimestamp', type: 'datetime', transforms: ['filetime'] },
]

/** What the directory keeps for itself. */
const ofServer =
  /^(usn|objectcategory|objectguid|distinguishedname|instancetype|dscorepropagationdata|replpropertymetadata|iscriticalsystemobject|systemflags|showinadvancedviewonly|ntsecuritydescriptor|admincount|badp|lastlog|logoncount|codepage|countrycode|samaccounttype|cn$|ou$|whenchanged|msds-supportedencryption|member$|manager$)/

export interface SeenAttributes {
  readonly schema: Schema
  /** How many entries have it, by name in lower case. */
  readonly seen: ReadonlyMap<string, number>
  readonly looked: number
  /** Of the table, to refer to other rows of it. */
  readonly file: string
}

export function suggestedColumns({ schema, seen, file }: SeenAttributes): readonly DiscoveredColumn[] {
  const isUsual = new Set(usual.map(({ name }) => name.toLowerCase()))
  const others = [...seen.keys()].filter((name) => !isUsual.has(name) && !ofServer.test(name)).sort()
  return [
    { name: 'objectGUID', type: 'text', key: true },
    { name: 'dn', type: 'text' },
    { name: 'parentdn', type: 'text' },
    { name: 'objectClass', type: 'text' },
    ...usual.map((column) =>
      seen.has(column.name.toLowerCase()) ? column : { ...column, minor: true as const },
    ),
    {
      name: 'manager.objectGUID',
      property: 'manager',
      type: 'text',
      references: { file, column: 'objectGUID' },
    },
    ...others.flatMap((name) => otherColumn(schema, name)),
  ]
}

function otherColumn(schema: Schema, name: string): readonly DiscoveredColumn[] {
  const known = schema.get(name)
  if (known?.followed !== true || formOf(name) !== 'text' || name === 'objectclass') return []
  return [{ name: known.name, type: 'text', minor: true }]
}
