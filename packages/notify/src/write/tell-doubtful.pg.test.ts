/**
 * Who is told of rows that wait for a decision, and how often.
 */
import type { RunBy } from '@sluice/model'
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine } from '../../../engine/test/engine-harness.ts'
import { composeEmail } from '../send/compose-email.ts'

const yaml = `
server: { publicUrl: https://sluice.example.org/ }
notifications: { receivers: { ops: { webhook: { url: "http://127.0.0.1:1/" } } } }
entityTypes:
  Person: { display: name, properties: { name: string, badge: string, floor: integer } }
sources:
  hr:
    table: true
    thresholds: off
    entities: { Person: { reconciliation: { policy: key }, properties: { name: {}, badge: {} } } }
  doors:
    table: true
    owner: the guards
    thresholds: off
    entities: { Person: { reconciliation: { rules: [[badge]], onMultiple: queue }, properties: { badge: { update: false }, floor: {} } } }
`
const by: RunBy = { kind: 'program', name: 'a test' }

describeWithEngine(
  'of doubtful rows',
  (harness) => {
    beforeEach(async () => {
      await harness.begin(yaml)
      await load('hr', 'key;name;badge\n1;Ada;B\n2;Bob;B\n3;Cid;C\n4;Dan;C\n5;Eve;E\n')
    })

    const load = (source: string, csv: string) => harness.engine.tables.load(source, { csv }, { by })
    const contents = async () =>
      (
        await harness.rows<{ content: { subject: string; doubtful?: readonly unknown[] } }>(
          'select content from sluice_notification order by position',
        )
      ).map(({ content }) => content)

    test('each is told once, with how many resources match, until somebody has decided', async () => {
      await load('doors', 'key;badge;floor\n501;B;1\n505;E;1\n')
      expect(await contents()).toMatchObject([
        {
          source: 'doors',
          owner: 'the guards',
          subject: 'doors: run 2 left rows to decide about (1)',
          doubtful: [{ entityType: 'Person', key: '501', count: 2 }],
          run: { run: 2 },
          link: 'https://sluice.example.org/api/v1/runs/2',
        },
      ])
      await load('doors', 'key;badge;floor\n501;B;2\n505;E;1\n')
      await harness.engine.tables.synchronize('doors', { by })
      expect(await contents()).toHaveLength(1)
      await load('doors', 'key;badge;floor\n501;B;2\n502;C;2\n505;E;1\n')
      expect((await contents()).slice(1)).toMatchObject([{ doubtful: [{ key: '502', count: 2 }] }])
    })

    test('one is told again when the resource is gone that had been decided for', async () => {
      await load('doors', 'key;badge;floor\n501;B;1\n')
      const [ada] = await harness.rows<{ resource_id: string }>(
        "select resource_id from person where name = 'Ada'",
      )
      const row = { source: 'doors', entityType: 'Person', key: '501' }
      await harness.engine.decideMatches([{ ...row, decision: 'link', resource: ada?.resource_id ?? '' }], {
        by,
      })
      await harness.execute(
        `delete from person where name = 'Ada'; update replica_doors_person set status = 'new', resource_id = null`,
      )
      await harness.engine.tables.synchronize('doors', { by })
      expect(await contents()).toHaveLength(2)
    })

    test('nobody is told of a plan, or of a run that is held', async () => {
      await harness.reconfigure(yaml.replaceAll('thresholds: off', 'thresholds: { updated: 0 }'))
      await load('doors', 'key;badge;floor\n501;B;1\n505;E;1\n')
      const kinds = () =>
        harness.rows<{ kind: string }>('select kind from sluice_notification order by position')
      expect(await kinds()).toEqual([{ kind: 'held' }])
      await harness.engine.approve(2, { by: 'olga' })
      expect(await kinds()).toEqual([{ kind: 'held' }, { kind: 'doubtfulRows' }])
    })

    test('an e-mail says which rows, and what a person does next', async () => {
      await load('doors', 'key;badge;floor\n501;B;1\n')
      const rows = await harness.rows<{ content: Parameters<typeof composeEmail>[0]['content'] }>(
        'select content from sluice_notification',
      )
      const content = rows[0]?.content
      if (content === undefined) throw new Error('Nobody was told.')
      const { text } = composeEmail({
        id: 'x',
        type: 'run.doubtful-rows',
        at: '2026-11-28T02:30:00Z',
        repetitions: 0,
        content,
      })
      expect(text).toContain('Person 501: 2 resources match')
      expect(text).toContain('sluice matches doors')
    })
  },
  ['postgres-18'],
)
