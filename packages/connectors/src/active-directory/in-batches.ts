/**
 * Ids, so many at once as fit well into one filter.
 *
 * @module
 */

const most = 100

export function* inBatches(ids: Iterable<string>): Generator<readonly string[]> {
  let batch: string[] = []
  for (const id of ids) {
    batch.push(id)
    if (batch.length < most) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
