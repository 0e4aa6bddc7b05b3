/**
 * What a server answers with when a request fails, and what an agent makes of it, for every error that says a status.
 */
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { withRetry } from '../packages/agent/src/deliver/with-retry.ts'
import * as edit from '../packages/engine/src/edit/edit-errors.ts'
import * as root from '../packages/engine/src/graph/root-errors.ts'
import * as match from '../packages/engine/src/matches/match-errors.ts'
import * as merge from '../packages/engine/src/merge/duplicate-errors.ts'
import * as order from '../packages/engine/src/orders/order-errors.ts'
import * as action from '../packages/engine/src/produce/action-errors.ts'
import { NothingToRetryError } from '../packages/engine/src/produce/nothing-to-retry-error.ts'
import {
  HistoryPrunedError,
  MergeAgainError,
  NothingToRevertError,
  RevertConflictsError,
} from '../packages/engine/src/revert/revert-errors.ts'
import { HeldModelChangedError, RunNotHeldError } from '../packages/engine/src/runs/held-run.ts'
import { FileFailureError } from '../packages/files/src/index.ts'
import * as load from '../packages/inbox/src/load/load-errors.ts'
import * as aside from '../packages/inbox/src/queue/aside-errors.ts'
import * as delivery from '../packages/inbox/src/queue/delivery-errors.ts'
import { SourceAtWorkError } from '../packages/inbox/src/synchronize/synchronizer.ts'
import * as table from '../packages/inbox/src/synchronize/table-errors.ts'
import * as upload from '../packages/inbox/src/upload/upload-errors.ts'
import { type AnsweredError, SluiceError } from '../packages/model/src/index.ts'
import * as notify from '../packages/notify/src/notify-errors.ts'
import { refusal, UnreachableServerError } from '../packages/protocol/src/index.ts'
import * as accounts from '../packages/repository/src/accounts/account-errors.ts'
import * as database from '../packages/repository/src/database/errors.ts'
import * as statements from '../packages/repository/src/database/statement-errors.ts'
import * as definition from '../packages/repository/src/definitions/definition-errors.ts'
import { ModelInUseError, ModelMovedError } from '../packages/repository/src/evolve/evolve-errors.ts'
import { UnknownRoleError } from '../packages/repository/src/evolve/grant-source.ts'
import * as job from '../packages/repository/src/jobs/job-errors.ts'
import { PruningElsewhereError, RunPrunedError } from '../packages/repository/src/prune/prune-errors.ts'
import * as read from '../packages/repository/src/read/read-errors.ts'
import * as tokens from '../packages/repository/src/tokens/token-errors.ts'
import { answerError } from '../packages/server/src/http/answer-error.ts'
import * as server from '../packages/server/src/server-errors.ts'
import { declaredCodes } from './errors-page.ts'

/** The body of an answer. */
const bytesOf = (content: string) => Readable.from([Buffer.from(content)])

const lost = new Error('connection reset')
const inLoad = { file: 'a.csv', line: 1, remedy: 'Mend it.' }
const ada = { edit: 0, name: 'Person "Ada"' }

/** One of every class that a server answers with; two where the constructor decides. */
const inQueue = { source: 'doors', entityType: 'Person', key: '505' }
const office = { agent: '9260a010-e577-4f9a-8f54-5e91077586a7', host: 'office', folder: '/srv/.sluice' }
const conflict = {
  of: 'Person',
  resourceId: '1',
  name: 'Ada',
  property: 'phone',
  reason: 'changed',
  run: 8,
  source: null,
  by: 'grace',
} as const
const finding = {
  severity: 'error',
  code: 'SLUICE-CONFIGURATION-07',
  file: 'cmdb.yaml',
  message: 'There is no entity type "Sever".',
} as const
const holdings = {
  replicas: 7,
  resources: 7,
  links: 0,
  sharedResources: 1,
  created: 6,
  deliveries: 0,
  orders: 0,
}

const errors: readonly AnsweredError[] = [
  new HistoryPrunedError(7),
  new PruningElsewhereError(),
  new RunPrunedError(7, '2026-11-30T02:00:00Z'),
  new NothingToRetryError(7, []),
  new root.UnknownRootError('discovery', [{ root: 'h9', kind: null }], ['Host']),
  new root.NoGraphError('hr', ['discovery']),
  new NothingToRevertError(7, 'held'),
  new RevertConflictsError(7, [conflict], 3),
  new MergeAgainError(7),
  new RunNotHeldError(7, 'applied'),
  new HeldModelChangedError(7),
  new edit.LockedError(ada, 'mail', {
    source: 'hr',
    description: 'Personnel',
    link: undefined,
    icon: undefined,
  }),
  new edit.DeleteNotAllowedError(
    ada,
    { source: 'hr', description: undefined, link: undefined, icon: undefined },
    'nobody',
  ),
  new edit.StillRequiredError(ada, { entityType: 'Unit', property: 'head', resources: ['Research'] }),
  new edit.UnknownInEditError(0, { kind: 'property', name: 'mial', known: ['mail'], owner: 'Person' }),
  new edit.IllegalValueError(ada, 'born', '"x"', 'a date'),
  new edit.RequiredValueError(ada, 'number'),
  new edit.NoSuchResourceError(0, { type: 'Person', name: '"Ada"' }),
  new edit.NoSuchResourceError(0, { type: 'Person', name: '"Ada"', property: 'manager' }),
  new edit.AmbiguousNameError(0, { type: 'Person', name: '"Ada"', candidates: ['1', '2'] }),
  new edit.ChangedSinceError(ada),
  new edit.EndTakenError(ada, { association: 'Seat', end: 'from', other: '7', source: null }),
  new edit.NoSuchLinkError(ada, 'Seat'),
  new edit.ContradictoryEditsError(1, 0, 'Person "Ada"'),
  new edit.AbstractTypeError(0, 'Party', ['Person']),
  new edit.MergeAloneError(0),
  new edit.NotMergeableError({ edit: 0, name: 'Person "Ada"' }, '#1001 is named twice'),
  new edit.NotSharedError({ edit: 0, name: 'Person "Ada"' }, 'Person', ['"1" of hr', '"2" of hr']),
  new match.NoSuchMatchError(inQueue),
  new match.NotWaitingError(inQueue, 'applied'),
  new match.NoSuchCandidateError(inQueue, '17'),
  new match.NothingDecidedError(inQueue),
  new match.UnknownRowPropertyError(inQueue, 'x', ['badge']),
  new match.NotSearchedError('hr', undefined, ['Person', 'Unit']),
  new order.NothingAssertedError('R1', { who: 'ad', what: 'Person', asserted: ['Account'] }),
  new order.ImpossibleOrderError('R1', { property: 'level', value: 'x', expected: 'a whole number' }),
  new order.OrderDiffersError('R1', { key: 'ada', property: 'title', to: null }),
  new merge.UnknownTypeError('Persn', ['Person']),
  new merge.UnknownPropertyError('Person', 'nam', ['name']),
  new merge.NoRuleError('Person'),
  new action.NoSuchReplicaError({ source: 'hr', entityType: 'Person' }, ['7']),
  new action.NotSharedSourceError('hr', 'Person'),
  new order.NoSuchOrderError('R1'),
  new order.AmbiguousOrderError('R1', { source: 'ad', name: 'Ada', keys: ['a', 'b'] }),
  new SourceAtWorkError('hr'),
  new load.BadRowsError('cmdb', 'a.csv', []),
  new load.LoadHeaderError('unknown_column', 'There is no such column.', inLoad),
  new load.NotCsvError('It is not a text.', inLoad),
  new load.LoadOptionError('There is no such charset.', 'Give another.'),
  new load.NoOpenTableError('It has none.', 'Name another.'),
  new load.OpenTableError('cmdb'),
  new load.LoadTooLargeError('cmdb', 9),
  new table.NotOwnerError('cmdb', 'bob', 'olga'),
  new table.SourceObsoleteError('cmdb'),
  new UnknownRoleError('etl'),
  new delivery.UnknownDeliverySourceError('hr'),
  new delivery.DeliveryNotOpenError('1', 'applied'),
  new aside.DeliveryNotWaitingError('1', 'held', 7),
  new aside.DeliveryNotAsideError('1', 'applied'),
  new delivery.RowTooLargeError('1', 'Person.sorted.csv', 2, 9),
  new delivery.DamagedDeliveryError('1', 'Person.csv', 'its checksum differs'),
  new delivery.InitialRefusedError('hr'),
  new delivery.ColumnsDifferError('Person', ['a'], ['b']),
  new delivery.SwitchedOffError('Person'),
  new upload.ManifestRefusedError('d1', 'mapping Person comes twice'),
  new upload.UnknownMappingError('hr', 'Person'),
  new upload.QuotaReachedError(
    'office',
    '100 deliveries whose files have not all arrived',
    'unsealedDeliveries',
  ),
  new delivery.BrokenChainError('hr', '1', '2'),
  new upload.OffsetDiffersError('1', 'Person.csv', 0, 9),
  new upload.FileAtWorkError('1', 'Person.csv'),
  new upload.DeliveryTooLargeError('1', 'Person.csv', 9),
  new delivery.AnnouncementDiffersError('1', 'source', 'hr', 'crm'),
  new upload.UnsafeDeliveryFileError('1', 'Person.csv', 'it is a symbolic link'),
  new delivery.InboxElsewhereError('/inbox', 'it is another one', 'Name the right one.'),
  new database.ConnectionError('db', lost),
  new database.ConnectionsBusyError('db', 20, lost),
  new database.ConnectionLostError('db', lost),
  new database.ServerTooOldError('db', '14'),
  new database.DatabaseEncodingError('db', 'LATIN1'),
  new database.PoolerError('db', 'it lends sessions'),
  new database.StandbyError('db'),
  new statements.OutOfResourcesError('db', lost),
  new statements.PermissionError('db', 'public', lost),
  new statements.DatabaseBusyError('db', { message: 'deadlock detected', code: '40P01' }),
  new statements.ReadOnlyDatabaseError('db', lost),
  new statements.DatabaseFaultError('db', { message: 'could not read block 7', code: 'XX001' }),
  new statements.BeyondLimitError('db', new Error('a row is too big')),
  new statements.RefusedByDatabaseError('db', {
    message: 'new row violates check constraint',
    code: '23514',
  }),
  new statements.AlteredRepositoryError('db', { message: 'relation "person" does not exist', code: '42P01' }),
  new notify.UnknownReceiverError('opps', ['ops']),
  new notify.UnknownNotificationError('1'),
  new notify.NotificationSentError('1', 'sent'),
  new definition.InvalidDefinitionError([finding]),
  new definition.DefinedInFileError('hr', 'sluice.yaml:5', 'Change it there.'),
  new definition.NoSuchSourceError('hr', ['ad']),
  new definition.FateNotSaidError('hr', holdings),
  new definition.SourceNameTakenError('hr'),
  new definition.DefinitionLossError(['source hr would forget 7 rows of Person']),
  new definition.DefinitionsBusyError(),
  new definition.ModulesChangedError('discovery'),
  new definition.SourceSuspendedError('hr', {
    since: '2026-12-01T08:00:00Z',
    until: null,
    reason: 'mending',
    by: { kind: 'person', name: 'olga' },
  }),
  new definition.SuspensionOverError('hr', '2026-12-01T08:00:00Z'),
  new ModelInUseError(['drops property Person.mail']),
  new ModelMovedError(['drops property Person.mail']),
  new read.UnknownNameError('entity type', 'Persn', ['Person']),
  new read.UnknownNameError('property', 'nam', ['name']),
  new read.NoStatusesError('hr', ['Person']),
  new read.ConditionError('name', 'it has no operator'),
  new read.SortError('photo'),
  new read.SecretNotReadError('password'),
  new read.CursorError('it is not one that a list returned'),
  new accounts.AccountExistsError('ada'),
  new accounts.UnknownAccountError('ada'),
  new accounts.ForeignAccountError('ada', 'password'),
  new accounts.WrongPasswordError(),
  new accounts.UnknownSessionError('9260a010-e577-4f9a-8f54-5e91077586a7'),
  new accounts.AccountDisabledError('ada'),
  new accounts.AccountNameTakenError('ada'),
  new accounts.LastAdministratorError('ada'),
  new tokens.TokenExistsError('laptop'),
  new tokens.UnknownTokenError('laptop'),
  new tokens.TokenRefusedError('laptop', 'it has no source', 'Name one.'),
  ...(['job', 'source'] as const).flatMap((kind) => [
    new job.JobUnknownHereError({ kind, name: 'hr' }),
    new job.AgentAwayError({ kind, name: 'hr' }, office, null),
    new job.SeveralAgentsError({ kind, name: 'hr' }, [office]),
    new job.JobAtWorkError({ kind, name: 'hr' }, 'sync.hr', {
      startedAt: '2026-12-01T08:00:00Z',
      by: { kind: 'token', name: 'ada' },
    }),
  ]),
  new job.NoChecksError('hr', office, null),
  new job.NoChecksError('hr', office, 'ldap'),
  new job.NoPreviewsError('hr', office),
  new job.HoldUnknownError({ kind: 'source', name: 'hr' }, office),
  new job.NotHeldError({ kind: 'source', name: 'hr' }, { by: { kind: 'token', name: 'ada' } }),
  new job.TooManyPreviewsError(office),
  new job.JobNotAtWorkError('nightly'),
  new job.AgentOfAnotherTokenError(office),
  new server.UnauthenticatedError('nothing'),
  new server.NotPermittedError({ kind: 'token', name: 'laptop' }, 'viewer', 'decide', ['admin']),
  new server.NothingThereError('run 7'),
  new server.NoSuchAddressError('PUT', '/api/v1/all'),
  new server.ClientTooOldError('1.0.0'),
  new server.RequestRefusedError('it is not valid JSON'),
  new server.RequestRefusedError('it did not end in time', { status: 408 }),
  new server.TooManyRequestsError(1200, 1),
  new server.EncodingUnknownError('br', 'gzip'),
  new server.WrongSignInError('password'),
  new server.TooManySignInsError(8),
  new server.ForeignRequestError(),
  new server.OpenIdConnectError('the provider does not answer'),
  new server.NoRoleError('ada', 'groups'),
  new server.StoppingError(),
  new server.ServerDiskFullError(lost),
  new server.ServerFilesError(new FileFailureError('/inbox', 'forbidden', 'EACCES', lost)),
  new server.ConsoleNotBuiltError(),
]

const cases = errors.map((error) => [error.name, error.status, error] as const)
const declarations = new Map(declaredCodes().map((declared) => [declared.code, declared]))

async function answerTo(error: unknown) {
  await using app = fastify().setErrorHandler(answerError)
  app.get('/', () => Promise.reject(error))
  const { statusCode, headers, body } = await app.inject({ url: '/' })
  const header = (name: string) => (headers[name] === undefined ? null : String(headers[name]))
  return { status: statusCode, headers: { get: header }, body: bytesOf(body) }
}

/** Whether the agent would go on trying; it is kept from it. */
async function triesAgain(error: Error): Promise<boolean> {
  const over = new AbortController()
  let again = false
  const onRetry = () => {
    again = true
    over.abort()
  }
  const tried = withRetry(() => Promise.reject(error), { retryFor: 60_000, signal: over.signal, onRetry })
  await expect(tried).rejects.toThrow()
  return again
}

describe('an error that a server answers with', () => {
  test('is looked at here', () => {
    const answered = [...declarations.values()].filter(({ status }) => status !== undefined)
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(answered.map(({ code }) => code)))
  })

  test.each(cases)('%s is answered with its status (%i) and whether to retry', async (_, status, error) => {
    const answer = await answerTo(error)
    expect(answer.status).toBe(status)
    expect(JSON.parse(await text(answer.body))).toMatchObject({ code: error.code, retry: error.retry })
  })

  test.each(cases)(
    '%s (%i) is tried again by an agent exactly if it says so',
    async (_name, _status, error) => {
      expect(await triesAgain(await refusal('http://server', await answerTo(error)))).toBe(error.retry)
    },
  )

  test.each(cases)('%s (%i) says in its class what it says when it is made', (_name, _status, error) => {
    const { status, retry } = declarations.get(error.code) ?? {}
    expect([error.status, 'varies']).toContain(status)
    expect([error.retry, 'varies']).toContain(retry)
  })
})

describe('what no class of errors declares', () => {
  class ForgottenError extends SluiceError {
    readonly code = 'SLUICE-TEST-01'
    readonly retry = false
    readonly blame: SluiceError['blame']

    constructor(blame: SluiceError['blame']) {
      super('It was not meant to reach a request.')
      this.blame = blame
    }
  }

  test.each([
    ['usage', 400],
    ['source', 422],
    ['configuration', 422],
    ['repository', 503],
    ['defect', 500],
  ] as const)('is answered by whose fault it is: %s with %i', async (blame, status) => {
    expect((await answerTo(new ForgottenError(blame))).status).toBe(status)
  })

  test('is a defect, which the agent asks again about', async () => {
    const answer = await answerTo(new TypeError('undefined is no function'))
    expect(answer.status).toBe(500)
    expect(await triesAgain(await refusal('http://server', answer))).toBe(true)
  })

  test.each([
    [400, false],
    [403, false],
    [404, false],
    [408, true],
    [409, false],
    [413, false],
    [429, true],
    [502, true],
    [503, true],
    [504, true],
  ])('is answered by a proxy with %i: tried again %s', async (status, again) => {
    const page = { status, headers: { get: () => null }, body: bytesOf('<html>') }
    expect(await triesAgain(await refusal('http://server', page))).toBe(again)
  })

  test.each([
    ['ECONNREFUSED', true],
    ['ECONNRESET', true],
    ['ENOTFOUND', true],
    ['SELF_SIGNED_CERT_IN_CHAIN', false],
    ['CERT_HAS_EXPIRED', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false],
  ])('is no answer at all (%s): tried again %s', async (code, again) => {
    const cause = Object.assign(new Error('fetch failed'), { code })
    expect(await triesAgain(new UnreachableServerError('https://server', cause))).toBe(again)
  })

  test('happens on this side: a lost database of an embedded repository is not tried again', async () => {
    expect(await triesAgain(new database.ConnectionLostError('db', lost))).toBe(false)
  })
})
