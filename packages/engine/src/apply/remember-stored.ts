/**
 * Remembers how much is stored of each mapping after a run; see `terms/stored-count.ts`.
 *
 * @module
 */
import type { AssociationReport, EntityReport } from '@sluice/model'
import type { Session } from '@sluice/repository'

/** Writes nothing where the number is the same. */
export async function rememberStored(
  session: Session,
  source: string,
  reports: readonly (EntityReport | AssociationReport)[],
): Promise<void> {
  for (const report of reports) {
    const growth = report.changes.inserted - report.changes.deleted
    if (report.source === source) {
      await session.query(
        `insert into sluice_stored (source_id, mapping, stored)
         select source_id, $2, $3 from sluice_source where name = $1
         on conflict (source_id, mapping) do update set stored = excluded.stored
         where sluice_stored.stored <> excluded.stored`,
        [source, report.mapping, report.stored + growth],
      )
    } else if (growth !== 0) {
      // What the run did to links of another source comes on top of what that source left.
      await session.query(
        `update sluice_stored set stored = stored + $3
         where mapping = $2 and source_id = (select source_id from sluice_source where name = $1)`,
        [report.source, report.mapping, growth],
      )
    }
  }
}
