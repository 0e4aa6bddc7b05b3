/**
 * A message of a held run, for tests of what is sent.
 *
 * @module
 */
import type { Message } from '../src/send/message.ts'

export const heldMessage: Message = {
  id: '3f0e8d8a-6d3b-4f6e-9a39-0d6f1b2c3d4e',
  type: 'run.held',
  at: '2026-11-28T02:30:00.25Z',
  repetitions: 2,
  content: {
    source: 'hr',
    owner: 'HR <hr@example.org>',
    subject: 'hr: run 12 is held (1 inserted, 5 deleted)',
    run: {
      run: 12,
      mode: 'complete',
      state: 'held',
      startedAt: '2026-11-28T02:29:58Z',
      finishedAt: '2026-11-28T02:30:00Z',
      by: 'nightly',
      delivery: null,
      resources: { inserted: 1, updated: 0, deleted: 5 },
      links: { inserted: 0, updated: 0, deleted: 0 },
      rejected: 0,
      exceeded: ['Person: 5 of 10 deleted, at most 1'],
    },
    error: null,
    lateness: null,
    link: 'https://sluice.example.org/api/v1/runs/12',
  },
}
