/** A rule that can be switched off, in the language spoken. The simulator has it in English, for its own reports. */
import type { Rule, RuleId } from '@flotilla/simulator/lab'
import type { RuleWords } from '../words/phrases/rule-words.ts'
import { section } from '../words/section.ts'

const inOtherWords = section<Partial<Readonly<Record<RuleId, RuleWords>>>>(
  {},
  { de: () => import('../words/phrases/de-rules.ts') },
)

export const spokenRule = (rule: Rule): RuleWords => inOtherWords()[rule.id] ?? rule
