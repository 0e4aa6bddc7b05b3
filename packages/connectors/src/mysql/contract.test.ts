import { describe } from 'vitest'
import { describeConnectorContract } from '../../test/connector-contract.ts'
import { hasMariadb } from '../../test/mariadb.ts'
import { openMariadb } from '../../test/sql-databases.ts'
import { sqlScenario } from '../../test/sql-scenario.ts'

describe.runIf(hasMariadb)('against MariaDB (needs mariadb-server)', () => {
  describeConnectorContract('mysql', async () =>
    sqlScenario(
      await openMariadb(),
      (
        count,
      ) => `with recursive counted as (select 1 as n union all select n + 1 from counted where n < ${count})
        select n, concat('Person number ', n) from counted`,
    ),
  )
})
