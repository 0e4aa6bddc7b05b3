// A small Singer tap: people of a list of changes, each with its number, and units that are read whole. Its configuration says what it is to do
// wrong; `password` has to be "correct horse".
import { readFileSync, statSync } from 'node:fs'

const argument = (name) => {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
const read = (name) => {
  const path = argument(name)
  return path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'))
}
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

const config = read('--config')
process.stderr.write(
  `INFO mode of the configuration: ${(statSync(argument('--config')).mode & 0o777).toString(8)}\n`,
)
if (config.auth?.password !== 'correct horse') {
  process.stderr.write('CRITICAL the password is wrong\n')
  process.exit(1)
}

const text = { type: ['null', 'string'] }
const streams = [
  {
    tap_stream_id: 'hr-people',
    stream: 'people',
    key_properties: ['id'],
    schema: {
      type: 'object',
      properties: {
        id: { type: 'integer' },
        name: { type: 'object', properties: { first: text, last: text } },
        pay: { type: ['null', 'number'] },
        mails: { type: 'array', items: text },
        changed: { type: 'integer' },
        _sdc_deleted_at: { type: ['null', 'string'], format: 'date-time' },
      },
    },
    metadata: [
      {
        breadcrumb: [],
        metadata: {
          inclusion: 'available',
          'table-key-properties': ['id'],
          'forced-replication-method': 'INCREMENTAL',
          'valid-replication-keys': ['changed'],
        },
      },
      { breadcrumb: ['properties', 'name'], metadata: { inclusion: 'available' } },
    ],
  },
  {
    tap_stream_id: 'hr-units',
    stream: 'units',
    schema: { type: 'object', properties: { code: text, title: text } },
    metadata: [{ breadcrumb: [], metadata: { inclusion: 'available', 'table-key-properties': ['code'] } }],
  },
]
if (process.argv.includes('--discover')) {
  process.stdout.write(JSON.stringify({ streams }, undefined, 2))
  process.exit(0)
}

const catalog = read('--catalog') ?? { streams: [] }
const chosen = catalog.streams.filter(({ metadata }) =>
  metadata.some((one) => one.breadcrumb.length === 0 && one.metadata.selected),
)
const since = read('--state')?.bookmarks?.people?.changed ?? 0
for (const { stream, schema } of chosen) {
  const version = config.version ?? 1
  write({ type: 'SCHEMA', stream, schema, key_properties: stream === 'people' ? ['id'] : ['code'] })
  write({ type: 'ACTIVATE_VERSION', stream, version })
  if (stream === 'units') {
    write({ type: 'RECORD', stream, version, record: { code: 'it', title: 'IT' } })
    continue
  }
  const people = config.people ?? []
  for (const person of people.filter(({ changed }) => changed > since)) {
    // A number with more digits than one of JavaScript holds.
    process.stdout.write(
      `${JSON.stringify({ type: 'RECORD', stream, version, record: person }).replace('"PAY"', '12345678901234567890.10')}\n`,
    )
  }
  const changed = Math.max(since, ...people.map((person) => person.changed))
  write({ type: 'STATE', value: { bookmarks: { people: { changed } } } })
}
if (config.fails === 'status') process.exit(3)
if (config.fails === 'cut off') process.stdout.write('{"type": "RECORD", "stream": "people", "rec')
if (config.fails === 'chatty') process.stdout.write('Done!\n')
if (config.fails === 'hangs') setInterval(() => {}, 1000)
