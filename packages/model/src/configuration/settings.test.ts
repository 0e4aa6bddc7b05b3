import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { millisecondsOf } from './common-schema.ts'
import { findingCodes } from './finding.ts'
import { type ParseOptions, parseConfiguration } from './parse-configuration.ts'
import { parseAddress } from './resolve-server.ts'

const base = `
server:
  listen: 127.0.0.1:8620
agent:
  server: https://cmdb.example.org:8620/sluice/
  token: $\{TOKEN}
entityTypes:
  Person: {properties: {number: string}}
sources:
  hr:
    export: {command: [./export.sh, --all, 007], environment: {URL: https://hr, SECRET: "$\{PASSWORD}"}}
    entities: {Person: {file: people.csv, key: number, properties: {number: no}}}
  ad:
    folder: data
    entities: {Person: {file: people.csv, key: number, properties: {number: no}}}
jobs:
  nightly:
    schedule: {cron: 30 2 * * *, timeZone: Europe/Paris, jitter: 5m, missed: skip}
    steps:
      - sync: [hr, ad]
        mode: complete
      - {name: first, export: hr, continueOnError: true}
      - sync: [hr, ad]
      - synchronize: ad
  quarterly-hour:
    schedule: "*/15 * * * *"
    steps: [{sync: hr, mode: incremental, force: true}]
`
const environment = { TOKEN: 'sluice_abc', PASSWORD: 'p w' }

const parse = (text: string, options: ParseOptions = {}) =>
  parseConfiguration([{ path: 'sluice.yaml', text }], {
    environment,
    resolvePath: (_file, path) => `/project/${path}`,
    ...options,
  })

/** Every finding as its code, what it says, and the word its place points at. */
function findingsOf(text: string, options: ParseOptions = {}) {
  return parse(text, options).findings.map(({ code, severity, line, column, message, remedy }) => {
    const rest = text.split('\n')[(line ?? 0) - 1]?.slice((column ?? 0) - 1) ?? ''
    const [at] = /^(?:"[^"]*"|[^\s,{}[\]]+|.)/.exec(rest) ?? ['']
    return { code, severity, at, says: [message, remedy].filter(Boolean).join(' ') }
  })
}

interface Mistake {
  readonly title: string
  /** What stands in the configuration above, and what stands there instead. */
  readonly change: readonly [string, string]
  readonly code: string
  readonly severity?: 'warning'
  readonly at: string
  readonly says: string
}

const variable = '$' + '{TOKEN}'

const mistakes: readonly Mistake[] = [
  {
    title: 'a step over an unknown source',
    change: ['synchronize: ad', 'synchronize: [ad, hrr]'],
    code: findingCodes.unknownName,
    at: 'hrr',
    says: 'There is no source "hrr". Did you mean "hr"?',
  },
  {
    title: 'a source that stands twice in a step',
    change: ['- synchronize: ad', '- synchronize: [ad, ad]'],
    code: findingCodes.job,
    at: 'ad',
    says: '"ad" occurs twice in this step. Remove it, or make another step for it.',
  },
  {
    title: 'a step without a stage',
    change: ['- synchronize: ad', '- name: third'],
    code: findingCodes.job,
    at: 'name:',
    says: 'This step has no stage. Add a stage with a source: sync, export, prepare, deliver, synchronize, age, such as {sync: hr}.',
  },
  {
    title: 'a step with two stages',
    change: ['- synchronize: ad', '- {prepare: ad, deliver: ad}'],
    code: findingCodes.job,
    at: 'deliver:',
    says: 'This step has two stages: prepare, deliver. Make a step of each.',
  },
  {
    title: 'two steps of one name',
    change: ['- synchronize: ad', '- {name: first, synchronize: ad}'],
    code: findingCodes.job,
    at: 'first',
    says: 'Two steps of "nightly" are called "first". Give one of them another name.',
  },
  {
    title: 'an export of a source without a program',
    change: ['export: hr', 'export: ad'],
    code: findingCodes.job,
    severity: 'warning',
    at: 'ad',
    says: 'Source "ad" has no export program, so this step only finds its files. Give the source a program under export, or leave this step out.',
  },
  {
    title: 'a mode where none is decided',
    change: ['- synchronize: ad', '- {synchronize: ad, mode: complete}'],
    code: findingCodes.job,
    at: 'mode:',
    says: '"synchronize" has no mode: the mode is decided when a source is prepared. Write it at the step that prepares.',
  },
  {
    title: 'force where nothing is applied',
    change: ['continueOnError: true', 'force: true'],
    code: findingCodes.job,
    at: 'force:',
    says: '"export" applies nothing, so "force" has no effect. Write it at the step that synchronizes.',
  },
  {
    title: 'a job without steps',
    change: ['steps: [{sync: hr, mode: incremental, force: true}]', 'steps: []'],
    code: findingCodes.wrongValue,
    at: '[',
    says: '"steps" must hold at least one step.',
  },
  {
    title: 'a schedule with a value out of range',
    change: ['"*/15 * * * *"', '"*/15 25 * * *"'],
    code: findingCodes.schedule,
    at: '"*/15 25 * * *"',
    says: '"*/15 25 * * *" is not a valid schedule: invalid value for hour: 25. Write minute, hour, day of the month, month and day of the week, such as "30 2 * * *".',
  },
  {
    title: 'a schedule that is a date',
    change: ['"*/15 * * * *"', '2030-01-01T00:00:00'],
    code: findingCodes.schedule,
    at: '2030-01-01T00:00:00',
    says: '"2030-01-01T00:00:00" is not a valid schedule: it has one field in place of five or six. Write minute, hour, day of the month, month and day of the week, such as "30 2 * * *".',
  },
  {
    title: 'a schedule that never comes',
    change: ['"*/15 * * * *"', '0 0 30 2 *'],
    code: findingCodes.schedule,
    at: '0',
    says: '"0 0 30 2 *" is not a valid schedule: that day does not exist. Write minute, hour, day of the month, month and day of the week, such as "30 2 * * *".',
  },
  {
    title: 'an unknown time zone',
    change: ['Europe/Paris', 'Europe/Pariss'],
    code: findingCodes.schedule,
    at: 'Europe/Pariss',
    says: 'There is no time zone "Europe/Pariss". Did you mean "Europe/Paris"?',
  },
  {
    title: 'a duration without a unit',
    change: ['jitter: 5m', 'jitter: 5'],
    code: findingCodes.wrongValue,
    at: '5',
    says: '"jitter" must be a duration such as 90s, 5m, 1h or 2d, not "5".',
  },
  {
    title: 'a duration that no timer can wait for',
    change: ['jitter: 5m', 'jitter: 60d'],
    code: findingCodes.wrongValue,
    at: '60d',
    says: '"jitter" must be at most 24d, not "60d".',
  },
  {
    title: 'a command with arguments in one string',
    change: ['[./export.sh, --all, 007]', './export.sh --all'],
    code: findingCodes.wrongValue,
    at: './export.sh',
    says: '"command" with arguments must be a list such as [./export.sh, --all], not "./export.sh --all".',
  },
  {
    title: 'a variable of an export that is not set here',
    change: ['{PASSWORD}', '{PASWORD}'],
    code: findingCodes.environment,
    severity: 'warning',
    at: '"$' + '{PASWORD}"',
    says: 'The environment variable "PASWORD" is not set. Set it on the machine where the export runs.',
  },
  {
    title: 'an address that is none',
    change: ['listen: 127.0.0.1:8620', 'listen: 127.0.0.300:8620'],
    code: findingCodes.wrongValue,
    at: '127.0.0.300:8620',
    says: '"127.0.0.300:8620" is not an address to listen on. Write address and port, such as 127.0.0.1:8620 or [::]:8620, or a port alone.',
  },
  {
    title: 'a proxy that is neither an address nor a network',
    change: ['listen: 127.0.0.1:8620', 'behindProxy: [10.0.0.0/8, proxy.example.org]'],
    code: findingCodes.wrongValue,
    at: 'proxy.example.org',
    says: '"behindProxy" (item 2) must be an address such as 10.0.0.5, or a network such as 10.0.0.0/24, not "proxy.example.org".',
  },
  {
    title: 'a certificate without a key',
    change: ['listen: 127.0.0.1:8620', 'tls: {certificate: cert.pem}'],
    code: findingCodes.wrongValue,
    at: 'tls:',
    says: '"key" is missing in "tls": certificate and key belong together. Write {certificate: cert.pem, key: key.pem}.',
  },
  {
    title: 'a server that everybody reaches in the clear',
    change: ['listen: 127.0.0.1:8620', 'listen: "[::]:80"'],
    code: findingCodes.exposed,
    severity: 'warning',
    at: '"[::]:80"',
    says: 'The server listens on :: without TLS: tokens and data are sent without encryption. Give it a certificate under tls, or say behindProxy: true when a proxy in front of it has one.',
  },
  {
    title: 'a server of an agent that is no URL',
    change: ['https://cmdb', 'cmdb'],
    code: findingCodes.wrongValue,
    at: 'cmdb.example.org:8620/sluice/',
    says: 'The server of the agent is not an HTTP URL. Write for example https://sluice.example.org:8620.',
  },
  {
    title: 'a server that is reached in the clear',
    change: ['https://cmdb', 'http://cmdb'],
    code: findingCodes.exposed,
    severity: 'warning',
    at: 'http://cmdb.example.org:8620/sluice/',
    says: "The agent's token and data are sent to cmdb.example.org:8620 without encryption. Use HTTPS, at the server or at a proxy in front of it, and write https://.",
  },
  {
    title: 'a token in plain text',
    change: [variable, 'sluice_abc'],
    code: findingCodes.exposed,
    severity: 'warning',
    at: 'sluice_abc',
    says: `The token stands in the file as plain text. Take it from the environment, with token: $${'{SLUICE_TOKEN}'}, or from a tokenFile.`,
  },
  {
    title: 'a token that is not set',
    change: [variable, '$' + '{TOKN}'],
    code: findingCodes.environment,
    at: '$',
    says: 'The environment variable "TOKN" is not set. Set it, then start again.',
  },
  {
    title: 'a token and a file with one',
    change: [`token: ${variable}`, `token: ${variable}\n  tokenFile: /run/token`],
    code: findingCodes.wrongValue,
    at: 'tokenFile:',
    says: 'The agent has both a token and a file with a token. Keep one of the two.',
  },
  {
    title: 'an agent without a token',
    change: [`  token: ${variable}\n`, ''],
    code: findingCodes.exposed,
    severity: 'warning',
    at: 'agent:',
    says: `The agent has no token, and a server refuses requests without one. Make one on the server with \`sluice token\`, and write token: $${'{SLUICE_TOKEN}'}.`,
  },
]

describe('parseConfiguration', () => {
  test('finds nothing wrong with the configuration that the mistakes are made in', () => {
    expect(findingsOf(base)).toEqual([])
  })

  test.each(mistakes)('points at $title', ({ change: [stands, instead], code, severity, at, says }) => {
    expect(base).toContain(stands)
    expect(findingsOf(base.replace(stands, instead))).toEqual([
      { code, severity: severity ?? 'error', at, says },
    ])
  })

  test('names steps after what they do, and numbers those that do the same', () => {
    const nightly = parse(base).configuration?.jobs.get('nightly')
    expect(nightly?.schedule).toEqual({
      cron: '30 2 * * *',
      timeZone: 'Europe/Paris',
      jitter: 300_000,
      missed: 'skip',
    })
    expect(nightly?.steps.map(({ name }) => name)).toEqual([
      'sync-hr-ad',
      'first',
      'sync-hr-ad-2',
      'synchronize-ad',
    ])
    expect(nightly?.steps[1]).toMatchObject({ stage: 'export', sources: ['hr'], continueOnError: true })
  })

  test('takes a cron expression alone for one in UTC, without jitter, made up for when it was missed', () => {
    expect(parse(base).configuration?.jobs.get('quarterly-hour')).toEqual({
      name: 'quarterly-hour',
      description: undefined,
      schedule: { cron: '*/15 * * * *', timeZone: 'UTC', jitter: 0, missed: 'run' },
      after: [],
      retry: undefined,
      steps: [
        {
          name: 'sync-hr',
          stage: 'sync',
          sources: ['hr'],
          mode: 'incremental',
          force: true,
          continueOnError: false,
        },
      ],
    })
  })

  test('keeps jobs in included files, and lets their steps name sources of other files', () => {
    const { configuration, findings } = parseConfiguration(
      [
        { path: 'sluice.yaml', text: base.slice(0, base.indexOf('jobs:')) },
        { path: 'jobs.yaml', text: 'jobs: {one: {steps: [{sync: hr}]}}' },
      ],
      { environment },
    )
    expect(findings).toEqual([])
    expect(configuration?.jobs.get('one')?.steps[0]?.sources).toEqual(['hr'])
  })

  test('runs an export in the folder of its file, with its files in the work folder, arguments as written', () => {
    expect(parse(base).configuration?.sources.get('hr')).toMatchObject({
      folder: '/project/.sluice/export/hr',
      export: {
        command: ['./export.sh', '--all', '007'],
        workingFolder: '/project/.',
        environment: { URL: 'https://hr', SECRET: 'p w' },
        timeout: 3_600_000,
        requireStatement: false,
      },
    })
  })

  test('fills in how a server listens and how an agent reaches it', () => {
    const { server, agent } = parse(base).configuration ?? {}
    expect(server).toEqual({
      configured: true,
      host: '127.0.0.1',
      port: 8620,
      tls: undefined,
      behindProxy: false,
      inbox: '/project/.sluice/inbox',
      deliveryExpiry: 3_600_000,
      runsAtOnce: 2,
      parallelWorkers: 1,
      stopTimeout: 15_000,
      signIn: { sessions: { idle: 43_200_000, longest: 604_800_000 }, openIdConnect: undefined },
      limits: {
        deliverySize: 20_000_000_000,
        requestsPerMinute: 1200,
        idle: 60_000,
        connections: 500,
        connectionsPerAddress: 100,
        inboxSize: 100_000_000_000,
        unsealedDeliveries: 100,
      },
    })
    expect(agent).toEqual({
      server: 'https://cmdb.example.org:8620/sluice',
      token: 'sluice_abc',
      tokenFile: undefined,
      certificateAuthority: undefined,
      compression: 'auto',
      retryFor: 60_000,
      remoteChecks: true,
      remotePreviews: false,
    })
  })
})

describe('parseAddress', () => {
  test.each([
    ['8620', { host: '127.0.0.1', port: 8620 }],
    [':9000', { host: '127.0.0.1', port: 9000 }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::]:8620', { host: '::', port: 8620 }],
    ['[fe80::1]', { host: 'fe80::1', port: 8620 }],
    ['sluice.example.org:443', { host: 'sluice.example.org', port: 443 }],
    ['::1:80', undefined],
    ['[::1', undefined],
    ['[nope]:80', undefined],
    ['1.2.3:80', undefined],
    ['host:99999', undefined],
    ['http://host:80', undefined],
    ['', undefined],
  ])('reads %j', (text, address) => {
    expect(parseAddress(text)).toEqual(address)
  })
})

test('a duration in one unit is the same in a smaller one', () => {
  fc.assert(
    fc.property(fc.nat(1000), (number) => {
      expect(millisecondsOf(`${number}d`)).toBe(millisecondsOf(`${number * 24}h`))
      expect(millisecondsOf(`${number}h`)).toBe(millisecondsOf(`${number * 60}m`))
      expect(millisecondsOf(`${number}m`)).toBe(millisecondsOf(`${number * 60}s`))
      expect(millisecondsOf(`${number}s`)).toBe(millisecondsOf(`${number * 1000}ms`))
    }),
  )
})
