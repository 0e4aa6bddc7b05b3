import { parseConfiguration } from '@sluice/model'
import { expect, test } from 'vitest'
import { agentNeedsRestart, serverNeedsRestart } from './needs-restart.ts'

function read(text: string) {
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text }], {
    resolvePath: (_file, relative) => `/srv/${relative}`,
  })
  if (configuration === undefined) throw new Error(findings.map(({ message }) => message).join('\n'))
  return configuration
}

const before = read('repository: ./repository\nserver: {listen: "127.0.0.1:8620"}\n')

test('every setting of a server that is taken at its start is named when it differs', () => {
  const after = read(`repository: ./other
server:
  listen: 127.0.0.1:8621
  tls: {certificate: c.pem, key: k.pem}
  behindProxy: true
  publicUrl: https://sluice.example.org
  inbox: elsewhere
  deliveryExpiry: 2h
  runsAtOnce: 7
  parallelWorkers: 0
  stopTimeout: 1m
  limits: {requestsPerMinute: 7}
  signIn: {sessions: {idle: 1h}}
`)
  expect(serverNeedsRestart(before, after)).toEqual([
    'repository',
    'server.listen',
    'server.tls',
    'server.behindProxy',
    'server.publicUrl',
    'server.inbox',
    'server.deliveryExpiry',
    'server.runsAtOnce',
    'server.parallelWorkers',
    'server.stopTimeout',
    'server.limits',
    'server.signIn',
  ])
  // A setting that is added has to be thought of here.
  const known = new Set([...Object.keys(after.server), 'listen'])
  for (const name of ['configured', 'host', 'port']) known.delete(name)
  expect([...known].map((name) => `server.${name}`).sort()).toEqual(
    serverNeedsRestart(before, after).slice(1).toSorted(),
  )
  expect(serverNeedsRestart(before, before)).toEqual([])
})

test('of an agent, where it works and whether it has a server', () => {
  const served = read(
    'repository: ./repository\nworkFolder: ./work\nagent: {server: "http://127.0.0.1:1", token: t}\n',
  )
  expect(agentNeedsRestart(before, served)).toEqual(['workFolder', 'agent.server'])
  expect(agentNeedsRestart(before, read('repository: ./repository\nageing: 7h\n'))).toEqual(['ageing'])
  expect(agentNeedsRestart(served, served)).toEqual([])
})
