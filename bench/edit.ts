/**
 * Edits through the API of one server, with many resources stored.
 *
 * @module
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openSynchronizer } from '@sluice/inbox'
import { type Configuration, parseConfiguration } from '@sluice/model'
import { openRepository, openTokenStore, type Repository } from '@sluice/repository'
import { startServer } from '@sluice/server'
import pino from 'pino'

const yaml = (url: string) => `
repository: ${url}
server: { limits: { requestsPerMinute: 10000000 } }
entityTypes:
  Person:
    display: name
    properties:
      number: { type: string, required: true }
      name: string
      mail: string
      grade: integer
      born: date
      active: boolean
      remark: text
      salary: decimal
      manager: { type: reference, to: Person }
      phone: string
      room: string
      note: string
associations:
  Friend: { from: Person, to: Person }
sources:
  hr:
    folder: .
    entities:
      Person:
        file: p.csv
        key: number
        properties:
          number: number
          name: name
          mail: mail
          grade: grade
          born: born
          active: active
          remark: remark
          salary: salary
          manager: { column: manager, by: number }
    associations:
      Friend: { file: f.csv, from: { column: a, by: number }, to: { column: b, by: number } }
`

export interface EditBench {
  readonly folder: string
  readonly url: string
  /** Resources stored. */
  readonly rows: number
  readonly edits: number
  /** Requests that are under way at once. */
  readonly clients: number
}

export interface EditResult {
  readonly perSecond: number
  /** Milliseconds. */
  readonly median: number
  readonly p99: number
}

/** Each edit gives one resource of a source another value of what nobody locks. */
export async function benchEdits(bench: EditBench): Promise<EditResult> {
  await rm(bench.folder, { recursive: true, force: true })
  await mkdir(bench.folder, { recursive: true })
  const configuration = configurationOf(bench)
  await using repository = await openRepository(configuration.repository)
  await repository.evolve(configuration)
  await fill(repository, bench.rows)
  const synchronizer = openSynchronizer({ repository, configuration })
  await using server = await startServer({
    configuration: { ...configuration, server: { ...configuration.server, port: 0 } },
    repository,
    synchronizer,
    log: pino({ level: 'silent' }),
    version: '0.0.0',
  })
  const tokens = openTokenStore(repository.database)
  const { secret } = await tokens.create({ name: 'bench', role: 'editor', sources: [] }, 'bench', [])
  await sendEdits(server.url, secret, { ...bench, edits: Math.min(200, bench.edits) })
  return await sendEdits(server.url, secret, bench)
}

function configurationOf({ folder, url }: EditBench): Configuration {
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text: yaml(url) }], {
    resolvePath: (_file, relative) => join(folder, relative),
  })
  if (!configuration) throw new Error(findings.map(({ message }) => message).join('\n'))
  return configuration
}

async function fill({ database }: Repository, rows: number): Promise<void> {
  await database.session((session) =>
    session.execute(`
      insert into person (resource_id, number, name, mail, grade, born, active, remark, salary, _created_run)
        select nextval('sluice_resource_id'), n::text, 'Person ' || n, n || '@example.com', n % 17, date '1970-01-01' + n % 9000, n % 3 = 0, md5(n::text), n % 5000, 0
        from generate_series(1, ${rows}) n;
      insert into replica_hr_person (key, resource_id, digest) select number, resource_id, hashtextextended(name, 0) from person;
      insert into sluice_known_transaction (entity_type, xid) select distinct 'Person', xmin from person;
      analyze;
    `),
  )
}

async function sendEdits(
  url: string,
  token: string,
  { edits, clients, rows }: EditBench,
): Promise<EditResult> {
  const times: number[] = []
  let sent = 0
  const client = async () => {
    for (let edit = sent++; edit < edits; edit = sent++) {
      const id = 1 + ((edit * 7919) % rows)
      const began = performance.now()
      const answer = await fetch(`${url}/api/v1/resources/Person/${id}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ phone: `${edit}-${Math.random()}` }),
      })
      const body = await answer.text()
      if (answer.status !== 200) throw new Error(`${answer.status}: ${body}`)
      times.push(performance.now() - began)
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: clients }, client))
  const seconds = (performance.now() - began) / 1000
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0
  return { perSecond: edits / seconds, median: at(0.5), p99: at(0.99) }
}
