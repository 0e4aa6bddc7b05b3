import { describeConnectorContract } from '../../test/connector-contract.ts'
import { openPostgresql } from '../../test/sql-databases.ts'
import { sqlScenario } from '../../test/sql-scenario.ts'

describeConnectorContract('postgresql', async () =>
  sqlScenario(
    await openPostgresql(),
    (count) => `select n, 'Person number ' || n from generate_series(1, ${count}) n`,
  ),
)
