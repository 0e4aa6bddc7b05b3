export {
  type AccessSession,
  type Account,
  type AccountChange,
  type AccountRole,
  accessSessionSchema,
  accountChangeSchema,
  accountNameSchema,
  accountRoles,
  accountSchema,
  givenPasswordSchema,
  longestPassword,
  type NewAccount,
  newAccountSchema,
  passwordSchema,
  shortestPassword,
  whoSchema,
} from './access/account.ts'
export { type AuditQuery, type AuditRecord, auditRecordSchema } from './access/audit.ts'
export {
  type NewToken,
  newTokenSchema,
  type Permission,
  permissions,
  permitted,
  type Role,
  roles,
  type Token,
  tokenSchema,
} from './access/token.ts'
export { durationSchema, millisecondsOf, pathSchema, textSchema } from './configuration/common-schema.ts'
export type {
  AgentSettings,
  Configuration,
  PrepareSettings,
  RepositoryLocation,
  ServerSettings,
} from './configuration/configuration.ts'
export { type ConfigurationObject, fileOfObject } from './configuration/configuration-object.ts'
export type {
  CheckedConnector,
  ConnectorProblem,
  Connectors,
  WrittenTable,
} from './configuration/connectors.ts'
export {
  type DatabaseHost,
  type DatabaseUrl,
  type DatabaseUrlProblem,
  describeDatabaseUrl,
  readDatabaseUrl,
  type SslMode,
} from './configuration/database-url.ts'
export { differencesOf } from './configuration/definition-differences.ts'
export {
  type CompileDisplay,
  type DisplayProblem,
  hasDisplayExpressions,
} from './configuration/displays.ts'
export type { Environment } from './configuration/fill-in.ts'
export {
  type Finding,
  type FindingCode,
  type FindingSeverity,
  findingCodes,
  formatFinding,
  InvalidConfigurationError,
  isClean,
} from './configuration/finding.ts'
export type { FindingOptions } from './configuration/findings.ts'
export type { CompiledModules, FoundModule, Syncmappings } from './configuration/graph-modules.ts'
export { isLoopback } from './configuration/loopback.ts'
export { withModules, withModuleTexts } from './configuration/module-texts.ts'
export { namePattern, snakeCase, suggestion } from './configuration/names.ts'
export { narrowAll, narrowLabels } from './configuration/narrow-labels.ts'
export {
  type ParsedConfiguration,
  type ParseOptions,
  parseConfiguration,
  parsePlace,
  readConnectorNames,
  readIncludes,
  readModulePatterns,
} from './configuration/parse-configuration.ts'
export { type ParsedModel, parseModel } from './configuration/parse-model.ts'
export { type ParsedProposal, parseProposal } from './configuration/parse-proposal.ts'
export { configurationJsonSchema } from './configuration/project-schema.ts'
export { type ReadDocument, readDocument } from './configuration/read-document.ts'
export { reservedEntityColumns, reservedLinkColumns } from './configuration/reserved-names.ts'
export type { OpenIdConnectSettings, SignInSettings } from './configuration/resolve-sign-in.ts'
export type { ResolvePath } from './configuration/resolve-source.ts'
export { usualThresholds } from './configuration/resolve-thresholds.ts'
export { type Keeping, type PrunedKind, prunedKinds, type Retention } from './configuration/retention.ts'
export { type SecretReference, secretSchema } from './configuration/secret-schema.ts'
export type { Shaping, ShapingProblem, TableFile } from './configuration/shaping.ts'
export { shapingNeeds } from './configuration/shaping-needs.ts'
export type {
  DefinedIn,
  SourceDefinition,
} from './configuration/source-definition.ts'
export {
  definitionOfGone,
  definitionsIn,
  definitionText,
  fileOfStored,
  renamedDefinition,
  type StoredDefinition,
  valueOfDefinition,
} from './configuration/stored-definitions.ts'
export {
  decodeModel,
  emptyModel,
  encodeModel,
  type StoredModel,
  type StoredSource,
  storedModelOf,
  storedModelSchema,
} from './configuration/stored-model.ts'
export type { ConfigurationFile, YamlPath } from './configuration/yaml-file.ts'
export { describeConflict } from './edit/describe-conflict.ts'
export {
  type Distinct,
  type Duplicates,
  distinctSchema,
  duplicatesSchema,
  type ListedDuplicates,
} from './edit/duplicates.ts'
export {
  type Edit,
  type EditedResource,
  type EditedValue,
  type EditedValues,
  type EditorRole,
  type EditRequest,
  editedResourceSchema,
  editedValuesSchema,
  editorRoles,
  editRequestSchema,
  editSchema,
  editsSchema,
  type ResourceName,
  resourceNameSchema,
} from './edit/edit.ts'
export {
  type ConflictReason,
  conflictReasons,
  type RetryRequest,
  type RevertConflict,
  type RevertRequest,
  retryRequestSchema,
  revertConflictSchema,
  revertRequestSchema,
} from './edit/revert.ts'
export {
  type DisplayExpression,
  type DisplayTerm,
  type DisplayTest,
  displayTermSchema,
  displayTestSchema,
  propertiesShown,
} from './entity/display.ts'
export {
  type Association,
  type Cardinality,
  canName,
  cardinalities,
  type DeclaredImpact,
  type EntityModel,
  type EntityType,
  type EnumProperty,
  type FileProperty,
  type HistoryPrecision,
  type ImpactDirection,
  type Property,
  type ReferenceProperty,
  type ScalarProperty,
  type ScalarType,
  type SecretProperty,
  scalarTypes,
} from './entity/entity-model.ts'
export { type ImpactRule, impactRuleOf, wholeImpact } from './entity/impact.ts'
export {
  type Labelled,
  type Labeller,
  type Labels,
  labeller,
  type Wanted as WantedLanguages,
  withoutLabels,
} from './entity/label.ts'
export {
  hashedOf,
  hiddenLength,
  hiddenPrefix,
  hiddenText,
  isHidden,
  isSecret,
  placeOfSecret,
  randomSalt,
  saltIn,
  saltOf,
  shownSecret,
} from './entity/secret.ts'
export { AnsweredError, type Blame, type Place, SluiceError, type SluiceErrorOptions } from './errors.ts'
export { groupBy } from './group-by.ts'
export { type Job, type JobRetry, type JobStage, type JobStep, jobStages, type Schedule } from './job/job.ts'
export {
  type ExecutionState,
  executionStates,
  type JobState,
  jobStates,
  type OutcomeState,
  outcomeStates,
  type StartCause,
  type StartState,
  startCauses,
  startStates,
} from './job/job-state.ts'
export { makesIncremental } from './job/makes-incremental.ts'
export { type SourceJobTerms, sourceJob, sourceJobName } from './job/source-job.ts'
export {
  type DeliveryEvent,
  type DeliveryState,
  deliveryEvents,
  deliveryLife,
  deliveryStates,
  isAcknowledged,
  isUndecided,
  undecidedDeliveryStates,
} from './life/delivery-life.ts'
export {
  type MatchEvent,
  type MatchState,
  matchEvents,
  matchLife,
  matchStates,
} from './life/match-life.ts'
export {
  type NotificationEvent,
  type NotificationState,
  notificationEvents,
  notificationLife,
  notificationStates,
} from './life/notification-life.ts'
export {
  type OrderEvent,
  type OrderState,
  orderEvents,
  orderLife,
  orderStates,
} from './life/order-life.ts'
export {
  type ReplicaEvent,
  type ReplicaStatus,
  replicaEvents,
  replicaLife,
  replicaStatuses,
} from './life/replica-life.ts'
export {
  type RecordedRunState,
  type RunEvent,
  recordedRunStates,
  runEvents,
  runLife,
} from './life/run-life.ts'
export type { Life } from './life/state-table.ts'
export {
  type ComparedProperty,
  type MatchDecision,
  type MatchedRow,
  type MatchRecord,
  matchDecisions,
  matchedRowsSchema,
  matchRecordSchema,
  type NewDecision,
  newDecisionSchema,
  newDecisionsSchema,
  type ShownMatch,
  shownMatchSchema,
} from './match/match.ts'
export {
  type RowToTest,
  type TestedRow,
  type TestedRule,
  testedRowSchema,
  testedRowsSchema,
} from './match/tested-row.ts'
export { nearMatch } from './near-match.ts'
export {
  type NotificationRecord,
  type Notified,
  type NotifiedJob,
  type NotifiedRun,
  notificationJsonSchema,
  notificationRecordSchema,
  notifiedSchema,
  type Tested,
  testedSchema,
  typeOfKind,
  type WebhookDocument,
  webhookDocumentSchema,
} from './notification/notification.ts'
export {
  isNotificationKind,
  type NotificationKind,
  type NotificationKindName,
  notificationKindNames,
  notificationKinds,
} from './notification/notification-kinds.ts'
export {
  type EmailAddress,
  hears,
  isWebhookSecret,
  type NotificationSettings,
  type Receiver,
  type Secret,
  type WebhookAddress,
} from './notification/receiver.ts'
export {
  type NewLinkOrder,
  type NewOrder,
  type NewRowOrder,
  newLinkOrderSchema,
  newOrdersSchema,
  newRowOrderSchema,
  type OrderCounts,
  type OrderRecord,
  orderCountsSchema,
  orderExistences,
  orderRecordSchema,
} from './order/order.ts'
export { type Claim, comesBefore, decideValue } from './ownership/decide-value.ts'
export {
  type Assertion,
  isLocked,
  type MappedSource,
  mayAssert,
  type Owner,
  type Ownership,
  ownershipOf,
  ownsAlone,
  type ReplicaLayout,
  replicaLayoutOf,
  soleOwner,
} from './ownership/ownership.ts'
export {
  type ChangedProperty,
  type ChangesPage,
  type ChangesPageOptions,
  changesPageSchema,
  type SummarizedType,
  summarizedTypeSchema,
} from './report/change-summary.ts'
export { type DeliveryRecord, deliveryRecordSchema } from './report/delivery-record.ts'
export {
  type AnnouncedJob,
  type AnnouncedSource,
  announcedJobSchema,
  announcedSourceSchema,
  type DeliveredSource,
  deliveredSourceSchema,
  type ExecutedSource,
  type ExecutedStep,
  type Execution,
  type ExecutionHead,
  type ExecutionRecord,
  executionRecordSchema,
  executionSchema,
  type JobAgent,
  type JobRecord,
  jobAgentSchema,
  jobRecordSchema,
  type StartRecord,
  type StopRequest,
  startRecordSchema,
} from './report/execution-record.ts'
export {
  type LeftOutQuery,
  type Orphan,
  orphanSchema,
  type RejectionReason,
  rejectionReasonSchema,
  type StandingRejection,
  standingRejectionSchema,
} from './report/left-out.ts'
export {
  longestPreview,
  longestPreviewValue,
  longestProposal,
  mostPreviewColumns,
  mostPreviewedOfRow,
  mostPreviewFindings,
  mostPreviewRows,
  type Preview,
  type PreviewAnswer,
  type PreviewedRow,
  type ProposalFinding,
  previewAnswerSchema,
  previewSchema,
  usualPreviewRows,
} from './report/preview.ts'
export { type Pruned, type PruneReport, pruneReportSchema } from './report/prune-report.ts'
export {
  type AssociationReport,
  type AssociationRows,
  type Change,
  type ChangeCounts,
  type ChangesOptions,
  type ComesAgain,
  type Decision,
  type Drift,
  type EntityChange,
  type EntityReport,
  type EntityRows,
  type Exceeded,
  type LinkChange,
  type MappingDrift,
  type OnProgress,
  type Progress,
  type RejectedRow,
  type ReplicaCounts,
  type Reverted,
  type RunBy,
  type RunByKind,
  type RunCause,
  type RunReport,
  type RunState,
  runByKinds,
  runCauses,
  runStates,
  type Stage,
  type StageTiming,
  stages,
} from './report/report.ts'
export { changeSchema, rejectedRowSchema, runReportSchema } from './report/report-schema.ts'
export {
  changesSumSchema,
  type HoldReason,
  type RunTerms,
  runTermsSchema,
} from './report/run-terms.ts'
export {
  type Attention,
  type AttentionKind,
  attentionKinds,
  type ExpectedOfSource,
  type Health,
  healthOf,
  healthSchema,
  type SourceHealth,
  type SourceState,
  sourceStateSchema,
} from './report/source-health.ts'
export {
  type AppliedDefinitions,
  appliedDefinitionsSchema,
  type DescribedSource,
  describedSourceSchema,
  type ResourceFate,
  resourceFates,
  type SourceChange,
  type SourceChangeEvent,
  type SourceHoldings,
  type SourceOrigin,
  type SourceRecord,
  sourceChangeSchema,
  sourceHoldingsSchema,
  sourceRecordSchema,
} from './report/source-record.ts'
export {
  describeSuspension,
  type Suspension,
  saysSuspended,
  suspensionFacts,
  suspensionSchema,
} from './report/suspension.ts'
export {
  type CheckAnswer,
  type CheckKind,
  checkAnswerSchema,
  checkKinds,
  checkStates,
  type DescribedConnector,
  type DiscoveredSystem,
  type DiscoveredTableRecord,
  describedConnectorSchema,
  longestFact,
  longestSuggestion,
  mostColumns,
  mostFacts,
  mostTables,
  type SystemCheck,
  systemCheckSchema,
} from './report/system-check.ts'
export { ages } from './source/ageing.ts'
export {
  type CommandColumn,
  type CommandRole,
  type CommandRoles,
  commandColumnOf,
  commandRoles,
  commandsDetected,
  type LinkEnd,
  mayHoldCommands,
} from './source/command-roles.ts'
export {
  type DateFormat,
  type DateFormatPart,
  type DateToken,
  dateTokens,
  parseDateFormat,
} from './source/date-format.ts'
export {
  type AttributePolicy,
  attributePolicies,
  type DeletePolicy,
  type Federation,
  keyOnly,
  primaryKeyColumn,
  type Reconciliation,
  type SourceStatus,
  sourceStatuses,
} from './source/federation.ts'
export { encodingMeant, type FileEncoding, fileEncodings } from './source/file-encoding.ts'
export {
  fitsPattern,
  isPattern,
  naturalOrder,
  type Several,
  severalWords,
  splitPath,
} from './source/file-pattern.ts'
export {
  bareKeyProperty,
  type Delivered,
  deliveredAs,
  type GraphModule,
  type GraphSource,
  nodeColumns,
  relationshipColumns,
  relationshipId,
} from './source/graph.ts'
export {
  type ColumnAttribute,
  type ColumnIfThere,
  type ColumnType,
  columnsOfGraphTable,
  formOfFile,
  type GraphDocument,
  type GraphEnd,
  type GraphForm,
  type GraphInput,
  type GraphReference,
  mappingsFedBy,
  type NamedBy,
  type NodeTable,
  nodesMapping,
  qualifiedId,
  type RelationshipTable,
  relationshipsMapping,
} from './source/graph-input.ts'
export { comparableColumn, hiddenColumns, hiddenValue, isHiddenProperty } from './source/hidden-columns.ts'
export {
  keyOf,
  type Normalizer,
  type NormalizerStep,
  normalizers,
  type RuleKey,
  stepsOf,
  worthlessPattern,
  worthSteps,
} from './source/key-normalizers.ts'
export { type LegalValue, legalValue, timeExpected } from './source/legal-value.ts'
export {
  type LinkSetEntry,
  type LinkSetMapping,
  type LinkSetSeparators,
  type ParsedLinkSet,
  parseLinkSet,
} from './source/link-set.ts'
export { isComposed, lookupBy, namesIn, partName, propertiesIn } from './source/lookup-by.ts'
export { type MadeByRoots, type MappingStatement, madeByRootsSchema } from './source/made-by-roots.ts'
export {
  columnsOfAssociationMapping,
  columnsOfEntityMapping,
  columnsRead,
  namingColumns,
} from './source/mapped-columns.ts'
export { type MappedTable, mappedTables, plainPath } from './source/mapped-tables.ts'
export {
  blankCharacters,
  longMinus,
  type NumberType,
  numberForm,
  separatorFamily,
  takesExponents,
} from './source/number-form.ts'
export {
  entityWithin,
  lackingOfLinks,
  preparedWithin,
} from './source/partial-mapping.ts'
export {
  type AssociationColumns,
  associationColumns,
  type EntityColumns,
  entityColumns,
  type PreparedColumn,
} from './source/prepared-columns.ts'
export { longestNumber } from './source/read-number.ts'
export { differencesBetween, entityReading, type Reading, readingsOf } from './source/reading.ts'
export { longestPreparedRecord, longestSourceRecord } from './source/record-limit.ts'
export { type ReplicaAction, replicaActions } from './source/replica-action.ts'
export {
  type EvaluateRequest,
  evaluateRequestSchema,
  natureOf,
  type ProblemNature,
  type RootFailure,
  type RootRecord,
  rootRecordSchema,
  type ShownRoot,
  type Subgraph,
  shownRootSchema,
  subgraphSchema,
  type WantedRoots,
  wantedRootsSchema,
} from './source/root.ts'
export { longestInline, longestRow, movedOut, rowTooLong, wideFrom } from './source/row-limit.ts'
export { fills, scopeOf } from './source/scope.ts'
export type {
  Expression,
  ExpressionKind,
  PlainTransform,
  RowFilter,
  Shape,
  Transform,
  ValueTable,
} from './source/shape.ts'
export {
  type AssociationMapping,
  type AssociationThresholds,
  type ConnectorExport,
  type DeliveryMode,
  type EndMapping,
  type EntityMapping,
  type EntityThresholds,
  type ExportProgram,
  type FileFormat,
  type Limit,
  type Mode,
  modes,
  type PropertyMapping,
  type Source,
  type SourceThresholds,
  type ThresholdWindow,
  type UserDeletePolicy,
  userDeletePolicies,
  type ValueFormat,
} from './source/source.ts'
export {
  moduleTextSchema,
  type SourceModules,
  sourceModulesSchema,
  type TriedItem,
  type TriedRoot,
  triedRootSchema,
} from './source/source-modules.ts'
export { type Spelling, shownSpelling, spellingOf } from './source/spelling.ts'
export { switchedOff, switchedOn, withAllOn } from './source/switched-off.ts'
export { cutText, printable, storableJson, storableText, visibleText } from './text-kept.ts'
export { uuidSchema } from './uuid.ts'
