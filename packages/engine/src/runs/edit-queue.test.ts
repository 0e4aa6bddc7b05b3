import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { EditQueue } from './edit-queue.ts'
import type { Edited } from './edited.ts'
import type { PlainRequest } from './execute-edits.ts'

const request: PlainRequest = {
  origin: {
    cause: 'edit',
    by: { kind: 'token', name: 'ada' },
    source: null,
    delivery: null,
    mode: null,
    comment: undefined,
  },
  produce: () => Promise.reject(new Error('nothing is produced')),
  rows: 1,
  asked: { edits: [], role: 'user' },
}

/** Notes how many are executed together; each time takes so many milliseconds. */
function noting(sizes: number[], milliseconds: number) {
  return async (requests: readonly PlainRequest[]): Promise<readonly Edited[]> => {
    sizes.push(requests.length)
    await sleep(milliseconds)
    return requests.map(() => ({ report: null as never, resources: [] }))
  }
}

const notAlone = () => Promise.reject(new Error('none is executed alone'))

test('those who were answered together go together again', async () => {
  const sizes: number[] = []
  const queue = new EditQueue(noting(sizes, 20))
  const client = async (resource: string) => {
    for (let edit = 0; edit < 3; edit++) await queue.add(request, resource, notAlone)
  }
  await Promise.all(['1', '2', '3', '4'].map(client))
  expect(sizes).toEqual([1, 4, 4, 3])
})

test('two edits of one resource never go together', async () => {
  const sizes: number[] = []
  const queue = new EditQueue(noting(sizes, 1))
  await Promise.all([1, 2, 3].map(() => queue.add(request, '1', notAlone)))
  expect(sizes).toEqual([1, 1, 1])
})

test('who is alone waits for nobody, however long the one before has taken', async () => {
  const sizes: number[] = []
  const queue = new EditQueue(noting(sizes, 50))
  await queue.add(request, '1', notAlone)
  const second = queue.add(request, '1', notAlone)
  await turn()
  expect(sizes).toEqual([1, 1])
  await second
})
