/**
 * A database of each kind that a connector reads, with what tests put into it.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { inject } from 'vitest'
import type { Connector } from '../src/contract/connector.ts'
import { duckdb } from '../src/duckdb/connector.ts'
import { mysql } from '../src/mysql/connector.ts'
import { postgresql } from '../src/postgresql/connector.ts'
import { sqlite } from '../src/sqlite/connector.ts'
import { hasMariadb, Mariadb } from './mariadb.ts'

export interface ReadDatabase extends AsyncDisposable {
  readonly connector: Connector
  /** But for the tables. */
  readonly options: Readonly<Record<string, unknown>>
  execute(text: string): Promise<void>
}

/** Spelled as each database spells them. */
export interface Dialect {
  readonly bytes: string
  readonly boolean: string
  readonly decimal: string
  readonly instant: string
  readonly moment: string
}

export interface KindOfDatabase {
  readonly name: string
  readonly dialect: Dialect
  open(): Promise<ReadDatabase>
}

export const kindsOfDatabase: readonly KindOfDatabase[] = [
  {
    name: 'PostgreSQL',
    dialect: {
      bytes: 'bytea',
      boolean: 'boolean',
      decimal: 'numeric(30, 10)',
      instant: 'timestamptz',
      moment: 'timestamp',
    },
    open: openPostgresql,
  },
  ...(hasMariadb
    ? [
        {
          name: 'MariaDB',
          dialect: {
            bytes: 'varbinary(20)',
            boolean: 'boolean',
            decimal: 'decimal(30, 10)',
            instant: 'timestamp null',
            moment: 'datetime',
          },
          open: openMariadb,
        },
      ]
    : []),
  {
    name: 'DuckDB',
    dialect: {
      bytes: 'blob',
      boolean: 'boolean',
      decimal: 'decimal(30, 10)',
      instant: 'timestamptz',
      moment: 'timestamp',
    },
    open: openDuckdb,
  },
  {
    name: 'SQLite',
    dialect: { bytes: 'blob', boolean: 'boolean', decimal: 'text', instant: 'text', moment: 'text' },
    open: openSqlite,
  },
]

export async function openPostgresql(): Promise<ReadDatabase> {
  const server = inject('servers')['18'] ?? ''
  const name = `read_${randomUUID().replaceAll('-', '')}`
  const on = async (url: string, text: string) => {
    const client = new pg.Client(url)
    await client.connect()
    try {
      await client.query(text)
    } finally {
      await client.end()
    }
  }
  await on(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const { href } = url
  url.password = ''
  return {
    connector: postgresql,
    options: { url: url.href, password: { environment: 'PASSWORD' } },
    execute: (text) => on(href, text),
    [Symbol.asyncDispose]: () => on(server, `drop database ${name} with (force)`),
  }
}

export async function openMariadb(): Promise<ReadDatabase> {
  const server = await Mariadb.start()
  await server.execute(`create database hr character set utf8mb4; create user reader identified by 'sluice';
    grant select on hr.* to reader`)
  return {
    connector: mysql,
    options: { url: server.url('hr'), password: { environment: 'PASSWORD' } },
    execute: (text) =>
      server.execute(
        `use hr; set sql_mode = 'ANSI_QUOTES'; set time_zone = '+00:00'; set max_recursive_iterations = 30000; ${text}`,
      ),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function openSqlite(): Promise<ReadDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-sqlite-'))
  const file = join(folder, 'hr.db')
  const database = new DatabaseSync(file)
  return {
    connector: sqlite,
    options: { file },
    execute: async (text) => database.exec(text),
    async [Symbol.asyncDispose]() {
      database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function openDuckdb(): Promise<ReadDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-duckdb-'))
  const file = join(folder, 'hr.duckdb')
  // Who writes it lets go of it, or nobody could read.
  const execute = async (text: string) => {
    const instance = await DuckDBInstance.create(file)
    const connection = await instance.connect()
    try {
      await connection.run(`set timezone = 'UTC'`)
      await connection.run(text)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }
  await execute('select 1')
  return {
    connector: duckdb,
    options: { file },
    execute,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
