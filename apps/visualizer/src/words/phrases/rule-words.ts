/** What is said of a rule: its name, what it says, and what nodes do without it. */
export interface RuleWords {
  readonly name: string
  readonly statement: string
  readonly without: string
}
