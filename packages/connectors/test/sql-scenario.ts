/**
 * People and their friends in a database that is reached over a network.
 *
 * @module
 */
import type { Source } from '@sluice/model'
import { association, entity } from '../../prepare/test/prepare-text.ts'
import type { ConnectorScenario } from './connector-contract.ts'
import type { ReadDatabase } from './sql-databases.ts'

/** More than what comes at once of either database. */
const people = 5000

const mappings: Pick<Source, 'entities' | 'associations'> = {
  entities: [entity(['id', 'name'])],
  associations: [association('id', 'friend')],
}

const secrets = { PASSWORD: 'sluice', WRONG_PASSWORD: 'wrong horse battery' }

/** @param numbers A select of the numbers from 1 on, as `n`. */
export async function sqlScenario(
  opened: ReadDatabase,
  numbers: (count: number) => string,
): Promise<ConnectorScenario> {
  await opened.execute(`create table people (id integer primary key, name varchar(50));
    create table members (id integer, friend integer, primary key (id, friend));
    insert into people ${numbers(people)}; insert into members select id, id + 1 from people where id < 100`)
  const { url: address, ...more } = opened.options
  const url = new URL(String(address))
  const options = (port: number) => {
    url.port = String(port)
    return { ...more, url: url.href, tables: { people: {}, members: {} } }
  }
  return {
    connector: opened.connector.kind,
    port: Number(url.port),
    options,
    wrongPassword: (port) => ({ ...options(port), password: { environment: 'WRONG_PASSWORD' } }),
    environment: secrets,
    secrets: ['wrong horse battery'],
    mappings,
    file: 'people.csv',
    rows: people,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}
