/**
 * Connectors against the plainest client that writes the same to a file: `psql \copy`, `ldapsearch`.
 *
 * @module
 */
import { execFile, execFileSync } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { exportSource } from '@sluice/connectors'
import type { ConnectorExport, EntityMapping, Source } from '@sluice/model'
import pg from 'pg'
import { hasSlapd, manager, Slapd, suffix } from '../packages/connectors/test/slapd.ts'
import { entity, sourceOf } from '../packages/prepare/test/prepare-text.ts'
import { type BenchRow, benchRow, timed } from './measure.ts'

interface BenchExportOptions {
  readonly folder: string
  readonly rounds: number
  readonly url: string
}

/** Of a managed system: so many rows, or entries. */
const rows = 200_000

export async function benchExport({ folder, rounds, url }: BenchExportOptions): Promise<BenchRow[]> {
  await mkdir(folder, { recursive: true })
  try {
    return [
      ...(await fromPostgresql({ folder: join(folder, 'postgresql'), rounds, url })),
      ...(hasSlapd ? await fromLdap({ folder: join(folder, 'ldap'), rounds }) : []),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fromPostgresql({ folder, rounds, url }: BenchExportOptions): Promise<BenchRow[]> {
  if (!existsSync('/usr/bin/psql')) return []
  await mkdir(folder, { recursive: true })
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`create table bench_people as select n as id, 'Person number ' || n as name, md5(n::text) as hash,
    n % 100 as department, now() as changed, 'mail' || n || '@example.org' as mail,
    case when n % 3 = 0 then null else 'x,y' end as note, n % 2 = 0 as active from generate_series(1, ${rows}) n`)
  const columns = ['id', 'name', 'hash', 'department', 'changed', 'mail', 'note', 'active']
  const source = exporting(folder, entity(columns), {
    connector: 'postgresql',
    options: {
      url: url.replace(/:[^:@]*@/, '@'),
      password: { environment: 'BENCH_PASSWORD' },
      tables: { people: { table: 'bench_people' } },
    },
  })
  const secret = { BENCH_PASSWORD: decodeURIComponent(new URL(url).password) }
  try {
    const measured = await measure(rounds, {
      floor: async () => {
        const copy = `\\copy bench_people to '${join(folder, 'floor.csv')}' csv header`
        execFileSync('psql', [url, '-qc', copy])
      },
      ours: () => exported(source, secret),
    })
    const task = `export ${rows.toLocaleString('en')} rows of PostgreSQL`
    return [benchRow({ task, floor: 'psql \\copy', limit: 1.5 }, measured)]
  } finally {
    await client.query('drop table bench_people')
    await client.end()
  }
}

async function fromLdap({ folder, rounds }: Omit<BenchExportOptions, 'url'>): Promise<BenchRow[]> {
  await mkdir(folder, { recursive: true })
  await using slapd = await Slapd.open({ filled: people(rows) })
  const columns = ['entryUUID', 'dn', 'cn', 'sn', 'uid', 'mail', 'employeeNumber']
  const source = exporting(folder, entity(columns), {
    connector: 'ldap',
    options: {
      url: slapd.url,
      user: manager.user,
      password: { environment: 'BENCH_PASSWORD' },
      base: suffix,
      tables: { people: { filter: '(objectClass=inetOrgPerson)' } },
    },
  })
  const measured = await measure(rounds, {
    floor: async () => {
      const asked = ['-x', '-LLL', '-o', 'ldif-wrap=no', '-E', 'pr=1000/noprompt', '-H', slapd.url]
      const who = ['-D', manager.user, '-w', manager.password, '-b', suffix]
      const what = ['(objectClass=inetOrgPerson)', ...columns.filter((name) => name !== 'dn')]
      const child = execFile('ldapsearch', [...asked, ...who, ...what], {
        maxBuffer: Number.POSITIVE_INFINITY,
      })
      if (child.stdout !== null) await pipeline(child.stdout, createWriteStream(join(folder, 'floor.ldif')))
    },
    ours: () => exported(source, { BENCH_PASSWORD: manager.password }),
  })
  const task = `export ${rows.toLocaleString('en')} entries of OpenLDAP`
  return [benchRow({ task, floor: 'ldapsearch', limit: 1.5 }, measured)]
}

/** As LDIF that slapadd takes. */
function* people(count: number): Generator<string> {
  for (let n = 1; n <= count; n++)
    yield `dn: uid=person${n},ou=people,${suffix}\nobjectClass: inetOrgPerson\nuid: person${n}\ncn: Person number ${n}\nsn: number ${n}\nmail: person${n}@example.org\nemployeeNumber: ${n}\n\n`
}

async function measure(
  rounds: number,
  { floor, ours }: Record<'floor' | 'ours', () => Promise<unknown>>,
): Promise<{ floor: number; ours: number }[]> {
  const measured = []
  for (let round = 0; round < rounds; round++)
    measured.push({ floor: await timed(floor), ours: await timed(ours) })
  return measured
}

function exporting(
  folder: string,
  mapping: EntityMapping,
  { connector, options }: Pick<ConnectorExport, 'connector' | 'options'>,
): Source {
  const by = {
    connector,
    options,
    secrets: [],
    unset: [],
    workingFolder: folder,
    timeout: 600_000,
    retries: 0,
  }
  return { ...sourceOf(join(folder, 'files'), { entities: [mapping], associations: [] }), export: by }
}

async function exported(source: Source, environment: Readonly<Record<string, string>>): Promise<void> {
  const answerOf = async () => ({ mode: 'complete' as const })
  await exportSource({ source, mode: 'complete', answerOf, environment })
}
