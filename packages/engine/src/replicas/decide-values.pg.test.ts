import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AttributePolicy, type Claim, decideValue } from '../../../model/src/index.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../test/engine-harness.ts'

interface Feed {
  readonly name: string
  readonly policy: AttributePolicy
  readonly precedence: number
}

const feeds: readonly Feed[] = [
  { name: 'locked_low', policy: 'master_locked', precedence: 1 },
  { name: 'also_locked_low', policy: 'master_locked', precedence: 1 },
  { name: 'open_low', policy: 'master_unlocked', precedence: 1 },
  { name: 'also_open_low', policy: 'master_unlocked', precedence: 1 },
  { name: 'open_high', policy: 'master_unlocked', precedence: 2 },
  { name: 'locked_high', policy: 'master_locked', precedence: 2 },
  { name: 'fills', policy: 'write_if_empty', precedence: 1 },
]

const yaml = `
entityTypes:
  Person: {display: name, properties: {name: string, phone: string}}
sources:
${feeds
  .map(
    ({ name, policy, precedence }) => `  ${name}:
    table: true
    precedence: ${precedence}
    thresholds: off
    entities: {Person: {properties: {phone: {policy: ${policy}}}}}`,
  )
  .join('\n')}
`

/** What one replica is before the run. */
interface State {
  readonly says: string | null
  readonly status: 'synchronized' | 'modified'
  readonly attached: number
  readonly changed: number
  readonly letGo: boolean
}

const state: fc.Arbitrary<State> = fc.record({
  says: fc.constantFrom(null, '', 'a', 'b'),
  status: fc.constantFrom('synchronized', 'synchronized', 'modified'),
  attached: fc.integer({ min: 0, max: 2 }),
  changed: fc.integer({ min: 1, max: 3 }),
  letGo: fc.boolean(),
})

/** A resource, and what each feed has of it. */
const resource = fc.record({
  stored: fc.constantFrom(null, 'a', 'x'),
  replicas: fc.tuple(...feeds.map(() => fc.option(state))),
})
type Resource = { readonly stored: string | null; readonly replicas: readonly (State | null)[] }

describeWithEngine(
  'values of shared types',
  (harness) => {
    test('are what the model says, whatever the replicas assert', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(resource, { minLength: 1, maxLength: 40 }),
          fc.integer({ min: 0, max: feeds.length - 1 }),
          async (resources, running) => {
            await harness.begin(yaml)
            await place(harness, resources)
            await harness.engine.tables.synchronize(feeds[running]?.name ?? '', {
              by: { kind: 'person', name: 'test' },
            })
            const stored = await harness.rows<{ phone: string | null }>(
              'select phone from person order by resource_id',
            )
            expect(stored.map(({ phone }) => phone)).toEqual(resources.map((one) => decided(one, running)))
          },
        ),
        { numRuns: 12 },
      )
    })
  },
  servers.slice(-1),
)

/** A run decides of those resources alone of which it applies a replica. */
function decided({ stored, replicas }: Resource, running: number): string | null {
  if (replicas[running]?.status !== 'modified') return stored
  const claims = replicas.flatMap((one, index): readonly Claim<string>[] => {
    const feed = feeds[index]
    if (one === null || feed === undefined) return []
    const now = index === running && one.status === 'modified'
    return [
      {
        policy: feed.policy,
        precedence: feed.precedence,
        attached: one.attached,
        row: 0,
        changed: now ? Number.MAX_SAFE_INTEGER : one.changed,
        asserts: one.says === null ? undefined : one.says === '' ? null : one.says,
        now,
        applied: now || one.status === 'synchronized',
        // What has not been applied has not let go, either.
        letGo: now && one.letGo && one.says === null,
      },
    ]
  })
  return decideValue(stored, claims)
}

async function place(harness: EngineHarness, resources: readonly Resource[]): Promise<void> {
  const sources = await harness.rows<{ name: string; source_id: number }>(
    'select name, source_id from sluice_source',
  )
  const states = resources.flatMap(({ replicas }, id) =>
    replicas.flatMap((one, index) => (one === null ? [] : [{ id: id + 1, index, one }])),
  )
  await harness.database.transaction(async (session) => {
    for (const [id, { stored }] of resources.entries()) {
      await session.query('insert into person (resource_id, phone) values ($1, $2)', [id + 1, stored])
    }
    for (const { id, index, one } of states) {
      const feed = feeds[index]?.name
      const sourceId = sources.find(({ name }) => name === feed)?.source_id
      await session.query(
        `insert into synchro_data_person_${sourceId} (primary_key, phone) values ($1, $2)`,
        [String(id), one.says],
      )
      await session.query(
        `update replica_${feed}_person set resource_id = $2, status = $3, attached_run = $4, changed_run = $5, let_go = $6 where key = $1`,
        [String(id), id, one.status, one.attached, one.changed, one.letGo ? ['phone'] : []],
      )
    }
  })
}
