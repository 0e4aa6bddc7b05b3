/**
 * An agent whose export fails says so to its server, where receivers are notified: nothing is announced then.
 */
import { expect, test } from 'vitest'
import { openRemoteProjectHarness } from '../../test/remote-project-harness.ts'

test('an export that fails at an agent is known to the server, and stays the error that it is', async () => {
  const program = 'echo "the system is away" >&2; exit 1'
  await using harness = await openRemoteProjectHarness(program, '1ms', ops)
  await expect(harness.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-EXPORT-05' })
  expect(await harness.notified()).toEqual(['hr could not start (SLUICE-EXPORT-05)'])
  // A server that is away cannot be told.
  await harness.stopServer()
  await expect(harness.project.stages.export('hr')).rejects.toMatchObject({ code: 'SLUICE-EXPORT-05' })
})

const ops = 'notifications: {receivers: {ops: {webhook: {url: "http://127.0.0.1:1/"}}}}'
