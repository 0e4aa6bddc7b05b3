import { association, entity } from '../../../prepare/test/prepare-text.ts'
import { describeConnectorContract } from '../../test/connector-contract.ts'
import { GraphSystem, graphSecret } from '../../test/graph-system.ts'

const people = 150

describeConnectorContract('entra-id', async () => {
  const graph = await GraphSystem.open(people)
  graph.put('groups', 'g1', 'All')
  graph.join('g1', 'u1', 'u2')
  const options = (port: number) => ({
    tenant: 'example',
    client: 'sluice',
    secret: { environment: 'SECRET' },
    graph: `http://127.0.0.1:${port}`,
    login: `http://127.0.0.1:${port}`,
    // The contract is about whole exports that begin again.
    limits: { attempts: 1, concurrent: 1 },
  })
  return {
    connector: 'entra-id',
    port: graph.system.port,
    options,
    wrongPassword: (port) => ({ ...options(port), secret: { environment: 'WRONG' } }),
    environment: { SECRET: graphSecret, WRONG: 'wrong horse' },
    secrets: [graphSecret, 'wrong horse', 'graph-token'],
    mappings: {
      entities: [entity(['id', 'displayName'], { file: 'users.csv' })],
      associations: [association('group', 'member', { file: 'members.csv' })],
    },
    file: 'users.csv',
    rows: people,
    async change() {
      graph.put('users', 'new', 'Somebody new')
      graph.put('users', 'u3', 'Another name')
      graph.delete('users', 'u4')
      return { merged: 2, deleted: 1 }
    },
    [Symbol.asyncDispose]: () => graph[Symbol.asyncDispose](),
  }
})
