/**
 * The project that `sluice init` writes: small enough to be read at once, and it has one of each kind
 * of thing that a real project has.
 *
 * @module
 */

/** Texts by path, relative to the project's folder. `schema` is where editors find the JSON Schema. */
export function projectTemplate(schema: string): ReadonlyMap<string, string> {
  return new Map([
    ['sluice.yaml', configuration(schema)],
    ['data/departments.csv', departments],
    ['data/people.csv', people],
    ['data/approvers.csv', approvers],
    ['.gitignore', gitignore],
  ])
}

function configuration(schema: string): string {
  return `# yaml-language-server: $schema=${schema}

# Where everything is brought together: a folder, or postgresql://user@host/database.
repository: ./repository

# What the repository holds. Each entity type becomes a table.
entityTypes:
  Department:
    display: name
    properties:
      code: {type: string, required: true}
      name: string

  Person:
    display: name
    properties:
      employeeNumber: {type: string, required: true}
      name: string
      email: string
      hired: date
      active: boolean
      department: {type: reference, to: Department}
      manager: {type: reference, to: Person}

# Who may approve for which department: several people each, and people for several.
associations:
  Approver:
    from: Person
    to: Department
    properties:
      since: date

# Where it comes from. Each source is one managed system and writes its files into one folder.
sources:
  hr:
    folder: data
    entities:
      Department:
        file: departments.csv
        key: code
        properties:                # property: column
          code: code
          name: name

      Person:
        file: people.csv
        key: employeeNumber
        properties:
          employeeNumber: employee_number
          name: name
          email: email
          hired: {column: hired, format: dd/MM/yyyy}
          active: {column: active, words: {true: [yes], false: [no]}}
          department: department     # found by the key of Department, its code
          manager: manager           # by the key of Person
        thresholds:                  # more than this holds the run until a person approves it
          deleted: 5
          updated: 30%

    associations:
      Approver:
        file: approvers.csv
        from: employee_number
        to: department
        properties:
          since: {column: since, format: dd/MM/yyyy}
`
}

const departments = `code,name
ENG,Engineering
FIN,Finance
HR,Human Resources
LEG,Legal
OPS,Operations
SAL,Sales
`

const people = `employee_number,name,email,hired,active,department,manager,office
1001,Amara Okafor,amara.okafor@example.com,03/02/2009,yes,OPS,,Berlin
1002,Bruno Keller,bruno.keller@example.com,14/09/2011,yes,ENG,1001,Berlin
1003,Chiara Romano,chiara.romano@example.com,01/04/2012,yes,FIN,1001,Milan
1004,Daniel Novák,daniel.novak@example.com,17/06/2013,yes,SAL,1001,Prague
1005,Emma Lindqvist,emma.lindqvist@example.com,02/01/2014,yes,HR,1001,Stockholm
1006,Farid Haddad,farid.haddad@example.com,11/08/2014,yes,LEG,1001,Paris
1007,Grace O'Neill,grace.oneill@example.com,23/03/2015,yes,ENG,1002,Dublin
1008,Hiroshi Tanaka,hiroshi.tanaka@example.com,07/09/2015,yes,ENG,1002,Berlin
1009,Inês Carvalho,ines.carvalho@example.com,18/01/2016,yes,ENG,1007,Lisbon
1010,Jan de Vries,jan.devries@example.com,04/07/2016,no,ENG,1007,Amsterdam
1011,Katarzyna Wójcik,katarzyna.wojcik@example.com,20/02/2017,yes,FIN,1003,Warsaw
1012,Liam Murphy,liam.murphy@example.com,12/06/2017,yes,SAL,1004,Dublin
1013,Mona Schäfer,mona.schafer@example.com,15/01/2018,yes,SAL,1004,Berlin
1014,Noah Dubois,noah.dubois@example.com,03/09/2018,yes,SAL,1012,Paris
1015,Olga Petrova,olga.petrova@example.com,25/03/2019,yes,HR,1005,Berlin
1016,Pablo García,pablo.garcia@example.com,19/08/2019,yes,OPS,1001,Madrid
1017,Qing Li,qing.li@example.com,02/03/2020,yes,ENG,1008,Berlin
1018,Rosa Ferrari,rosa.ferrari@example.com,14/09/2020,no,FIN,1003,Milan
1019,Sven Eriksson,sven.eriksson@example.com,11/01/2021,yes,OPS,1016,Stockholm
1020,Tara Singh,tara.singh@example.com,05/07/2021,yes,LEG,1006,Paris
1021,Ulrich Weiß,ulrich.weiss@example.com,17/10/2022,yes,ENG,1008,Berlin
`

const approvers = `employee_number,department,since
1001,OPS,01/01/2019
1002,ENG,01/01/2019
1007,ENG,15/06/2020
1003,FIN,01/01/2019
1001,FIN,01/07/2021
1005,HR,01/01/2019
1006,LEG,01/01/2019
1004,SAL,01/01/2019
1012,SAL,01/03/2023
`

const gitignore = `# The repository and what Sluice needs while it works.
repository/
.sluice/
`
