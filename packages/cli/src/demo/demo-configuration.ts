/** Where a project of the demo begins, and no other. */
export const demoMark =
  '# Written by sluice server --demo: people, as three systems know them, the servers that they own, and what runs on these.'

/** What `sluice server --demo` synchronizes. `repository`: as YAML. */
export function demoConfiguration(repository: string): string {
  return `${demoMark}
repository: ${repository}

entityTypes:
  Department:
    display: name
    properties:
      code: {type: string, required: true}
      name: string

  Person:
    display: name
    properties:
      name: {type: string, required: true}
      number: {type: string, description: Personnel number.}
      department: {type: reference, to: Department}
      manager: {type: reference, to: Person}
      badge: {type: string, description: Serial number of the badge that opens doors.}
      phone: string
      mail: string
      title: string
      floor: integer
      hired: date

  Group:
    display: name
    properties:
      name: {type: string, required: true}
      description: string

  # What the discovery finds has a key there.
  ConfigurationItem:
    abstract: true
    display: name
    properties:
      name: {type: string, required: true}
      discoveryKey: {type: string, description: By which the discovery knows it.}

  Server:
    extends: ConfigurationItem
    properties:
      operatingSystem: string
      purpose: string
      memory: {type: integer, description: GB.}
      model: string
      serial: string
      site: string
      owner: {type: reference, to: Person}

  Cluster:
    extends: ConfigurationItem
    properties: {kind: string}

  Software:
    extends: ConfigurationItem
    properties:
      product: string
      version: string
      release: {type: string, description: The first two numbers of the version.}
      port: integer

  Database:
    extends: ConfigurationItem
    properties:
      engine: string
      size: {type: integer, description: GB.}

  BusinessApplication:
    extends: ConfigurationItem
    properties: {criticality: string}

associations:
  Membership: {from: Person, to: Group}
  RunsOn: {from: Group, to: Server, description: 'The application of a group, and where it runs.'}
  Virtualizes: {from: Server, to: Server, impact: from-to}
  MemberOf: {from: Server, to: Cluster, impact: {direction: from-to, weight: 50}}
  Hosts: {from: Server, to: Software, impact: from-to}
  Holds: {from: Software, to: Database, impact: from-to}
  Uses: {from: Software, to: Software, impact: {direction: to-from, weight: 50}}
  Supports:
    from: Software
    to: BusinessApplication
    properties: {share: {type: integer, description: Percent of the application that fails with it.}}
    impact: {direction: from-to, weight: share}

# Things go on while it is served, so no more is kept than somebody looks at.
retention:
  prune: 10m
  history: {count: 400}
  runs: {count: 100}
  rejectedRows: {count: 50}
  deliveries: {count: 100}
  audit: {count: 2000}
  files: 1d

sources:
  hr:
    description: The personnel system
    link: https://hr.example.com/people/{key}
    folder: hr
    precedence: 20
    entities:
      Department: {file: departments.csv, key: code, properties: {code: code, name: name}}
      Person:
        file: people.csv
        key: number
        reconciliation: {rules: [[number]]}
        properties:
          name: name
          number: number
          department: department
          manager: manager
          badge: badge
          phone: phone
          hired: hired

  ad:
    description: Active Directory
    folder: ad
    precedence: 10
    entities:
      Person:
        file: accounts.csv
        key: mail
        reconciliation: {rules: [[number], [name]]}
        properties:
          name: displayName
          number: {column: employeeNumber, update: false}
          mail: mail
          phone: telephoneNumber
          title: {column: title, policy: master_unlocked}
      Group: {file: groups.csv, key: name, properties: {name: name, description: description}}
    associations:
      Membership: {file: members.csv, from: member, to: group}

  cmdb:
    description: Servers and what runs on them
    folder: cmdb
    entities:
      Server:
        file: servers.csv
        key: name
        reconciliation: {rules: [[name]]}
        properties: {name: name, purpose: purpose, memory: memory, owner: {column: owner, by: number}}
    associations:
      RunsOn: {file: runs-on.csv, from: group, to: server}

  doors:
    description: The system that opens doors
    table: true
    entities:
      Person:
        reconciliation: {rules: [[badge], [name]], onZero: error, onMultiple: queue}
        properties: {badge: {update: false}, name: {update: false}, floor: {}}
`
}
