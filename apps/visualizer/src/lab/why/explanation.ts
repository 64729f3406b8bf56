/** The answer to *why?*, as values: what was compared, which rule decided, and what led here. */

export interface Compared {
  readonly what: string
  readonly left: string
  /** Between the two: what held. Empty where nothing was compared. */
  readonly sign: '<' | '=' | '>' | '≥' | '≠' | ''
  readonly right: string
  /** This row decided; the others were not looked at, or only agreed. */
  readonly decides: boolean
  /** Both are terms, and are drawn as such. */
  readonly terms?: true
}

export interface Comparison {
  readonly left: string
  readonly right: string
  readonly rows: readonly Compared[]
}

export interface Reason {
  readonly question: string
  readonly comparison: Comparison | undefined
  readonly rule: string
  readonly section: string
}

export interface CauseLink {
  readonly step: number
  readonly at: number
  readonly text: string
  readonly sign: 'message' | 'answer' | 'timer' | 'disk' | 'person' | 'start'
}

export interface Explanation extends Reason {
  /** From the event itself back to where it began. */
  readonly causes: readonly CauseLink[]
}
