import { expect, test } from 'vitest'
import { describeDatabaseUrl, readDatabaseUrl } from './database-url.ts'

const read = (url: string, environment = {}) => {
  const found = readDatabaseUrl(url, environment)
  if ('problem' in found) throw new Error(`${found.problem} ${found.remedy}`)
  return found
}
const refused = (url: string, environment = {}) => {
  const found = readDatabaseUrl(url, environment)
  return 'problem' in found ? `${found.problem} ${found.remedy}` : undefined
}

test('several hosts have a port each, addresses of version 6 stand in brackets', () => {
  expect(read('postgres://u@one:6000,two,[::1]:7000/db').hosts).toEqual([
    { host: 'one', port: 6000 },
    { host: 'two', port: 5432 },
    { host: '::1', port: 7000 },
  ])
})

test('hosts and ports may be parameters, one port for all', () => {
  expect(read('postgresql:///db?host=one,two&port=6000').hosts).toEqual([
    { host: 'one', port: 6000 },
    { host: 'two', port: 6000 },
  ])
  expect(refused('postgresql:///db?host=one,two,three&port=1,2')).toContain('names 3 hosts and 2 ports')
})

test('a socket is a folder, encoded in the place of the host or written as a parameter', () => {
  const socket = [{ host: '/var/run/postgresql', port: 5432 }]
  expect(read('postgresql://%2Fvar%2Frun%2Fpostgresql/db').hosts).toEqual(socket)
  expect(read('postgresql:///db?host=/var/run/postgresql').hosts).toEqual(socket)
})

test('user and password hold any character when it is encoded; a password with an at sign is read up to the last', () => {
  expect(read('postgresql://a%40b:p%2Fw%25:@h/db')).toMatchObject({ user: 'a@b', password: 'p/w%:' })
  expect(read('postgresql://a:p@w@h/db')).toMatchObject({
    password: 'p@w',
    hosts: [{ host: 'h', port: 5432 }],
  })
  expect(refused('postgresql://a:50%@h/db')).toContain('%25')
})

test('what the URL does not say, the environment says', () => {
  const environment = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/ca.pem', PGHOST: 'one,two', PGPORT: '1,2' }
  expect(read('postgresql:///db', environment)).toMatchObject({
    sslMode: 'verify-full',
    sslRootCert: '/ca.pem',
    hosts: [
      { host: 'one', port: 1 },
      { host: 'two', port: 2 },
    ],
  })
  expect(read('postgresql://h:1/db?sslmode=disable', { PGSSLMODE: 'require' }).sslMode).toBe('disable')
})

test.each([
  ['sslmod=require', 'Did you mean "sslmode"?'],
  ['sslmode=verify_full', 'Did you mean "verify-full"?'],
  ['ssl=true', 'sslmode=require or verify-full'],
  ['target_session_attrs=standby', 'Sluice writes'],
  ['channel_binding=require', 'does not know'],
  ['connect_timeout=soon', 'no number of seconds'],
])('a parameter that cannot be kept is refused: %s', (parameters, remedy) => {
  expect(refused(`postgresql://u:secret@h/db?${parameters}`)).toContain(remedy)
})

test('what makes no difference here is passed over', () => {
  expect(refused('postgresql://h/db?keepalives=1&gssencmode=disable&channel_binding=prefer')).toBeUndefined()
})

test('no refusal shows the password', () => {
  for (const bad of ['h:port', '[::1', 'h/db?x=1', 'h/db?port=0'])
    expect(refused(`postgresql://u:secret@${bad}`)).not.toContain('secret')
})

test('what is shown of a URL is its hosts, its user and its database', () => {
  expect(describeDatabaseUrl(read('postgres://u:secret@one:6000,[::1]/db?sslmode=require'))).toBe(
    'postgresql://u@one:6000,[::1]:5432/db',
  )
})
