export { type Explained, explainHistory } from '../invariants/explain-history.ts'
export type { Violation } from '../invariants/invariant.ts'
export { keyName, keyNames } from './commands.ts'
export { propertyNames } from './counted-invariants.ts'
export { type Expectation, holds } from './expectation.ts'
export type { Move, MoveType, PlacedMove } from './move.ts'
export type { NodeState } from './node-state.ts'
export type { Impossible } from './perform-move.ts'
export { isRuleId, type Rule, type RuleId, ruleIds, ruleOf, rules } from './rules.ts'
export { inFewDigits, mostSteps, type Remade, Run } from './run.ts'
export { type Instruction, type MessageDeed, type MessagePattern, perform, type Stuck } from './script.ts'
export { defaultTuning, mostNodes, nodeIds, type RunSetup, runSetup, type StartingDisk, type Tuning } from './setup.ts'
export { readShared, type SharedRun, ShareError, shareRun } from './share.ts'
export type { Due } from './simulation.ts'
export {
  type Alarm,
  type Cause,
  type ClientOperation,
  type Conditions,
  calmConditions,
  type Letter,
  type Occurrence,
  type Step,
} from './step.ts'
export { loadSwitches } from './switchable-raft.ts'
