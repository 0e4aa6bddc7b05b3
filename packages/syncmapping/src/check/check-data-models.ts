/**
 * Numbers of data models.
 *
 * @module
 */
import type { Report } from '../diagnostic.ts'
import type { DataModel } from '../tree/tree.ts'

/** Those that BMC has given a number. */
const highestDataModel = 6

export function checkDataModels(models: readonly DataModel[], report: Report): void {
  for (const { number, at } of models) {
    if (Number.isInteger(number) && number >= 0 && number <= highestDataModel) continue
    report('DATAMODEL_UNKNOWN', at, `There is no data model ${number}.`, `They are 0 to ${highestDataModel}.`)
  }
}
