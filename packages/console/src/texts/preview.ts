import { counted } from './counted.ts'

export const previewTexts = {
  title: 'Preview of rows',
  help: 'The agent shows the first rows of a file as they are, and what a mapping makes of them. Nothing is written, and the rows are forgotten by the server when they have been shown here. Secrets and files are never shown.',
  what: 'Mapping',
  mapped: (mapping: string, file: string) => `${mapping} from ${file}, as it is mapped`,
  changed: (mapping: string, file: string) => `${mapping} from ${file}, to be changed`,
  suggested: (file: string) => `${file}, as it was suggested`,
  nothing: 'No file of this source is mapped. Look what is there, and a mapping is suggested.',
  rows: 'Rows',
  proposal: 'Proposed mapping',
  proposalHelp:
    'YAML as in sluice.yaml: one entity mapping, and entity types that the model does not have. It is stored nowhere but in this tab; when it is right, take it into the file.',
  reset: 'Begin again',
  show: 'Preview',
  looking: (host: string) => `${host} reads the first rows…`,
  noAgent: 'No agent delivers this source, so that nobody can read its rows.',
  notPermitted: (host: string, folder: string) =>
    `The agent on ${host} (${folder}) does not permit a preview of rows. Its own configuration has to: write “remotePreviews: true” below “agent:” in its sluice.yaml, and start it again.`,
  noAnswer: (host: string) => `${host} has not answered in time. Look whether its agent runs, and ask again.`,
  result: (mapping: string) => `Rows of ${mapping}`,
  counts: (rows: number, rejected: number, filtered: number) =>
    `${counted(rows, 'row', 'rows')}: ${rejected} rejected, ${filtered} left out by its filter.`,
  none: 'The file has no rows.',
  columns: { line: 'Line', before: 'In the file', after: 'As mapped' },
  rejected: 'rejected',
  filtered: 'left out by where',
  empty: 'empty',
  findings: 'What is wrong with it',
  finding: (line: number | undefined, column: number | undefined) =>
    line === undefined ? '' : `Line ${line}, column ${column ?? 1}: `,
}
