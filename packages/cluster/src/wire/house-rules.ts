/**
 * What a room has agreed on about itself, besides who belongs to it: part of the replicated state, so every node makes the same
 * changes in the same order, whoever leads, and a newcomer gets them with the log.
 */
import type { NodeId } from '@flotilla/core'

/** `open`: whoever reaches the room is let in. `asked`: whoever a member's person lets in. */
export type Admission = 'open' | 'asked'

export interface HouseRules {
  readonly admission: Admission
  /** Whom somebody did not let in. */
  readonly refused: readonly NodeId[]
  /** What has closed the room on the way, oldest first; the last is the one that does. None: it is what it was opened with. */
  readonly keys: readonly string[]
  /** The expelled nodes that must not know the last key. */
  readonly keyedWithout: readonly NodeId[]
  /** The clusters that this one was before each time that a majority was given up, the latest last. */
  readonly formerly: readonly string[]
}

export type HouseRuleChange =
  | { readonly type: 'admission'; readonly admission: Admission }
  | { readonly type: 'refuse'; readonly id: NodeId }
  /** `previous` is what closed the room until now: those who were away know only that one. */
  | { readonly type: 'key'; readonly previous: string; readonly key: string; readonly without: readonly NodeId[] }
  /** The majority was given up: this cluster goes on where a disk of that one stood. */
  | { readonly type: 'refounded'; readonly from: string }

export const firstHouseRules: HouseRules = { admission: 'open', refused: [], keys: [], keyedWithout: [], formerly: [] }

/** The oldest is forgotten, and may ask again. */
export const MAX_REFUSED = 64
/** The one that closes the room, and those by which members that were away are still found. Each costs a place at every server. */
export const MAX_KEYS = 3
export const MAX_KEY_BYTES = 64
/** As many as a configuration remembers. */
export const MAX_KEYED_WITHOUT = 64

/** The oldest is forgotten: whoever comes back from it is a stranger. */
export const MAX_FORMERLY = 8

/** Deterministic, whatever the change says. */
export function amended(rules: HouseRules, change: HouseRuleChange): HouseRules {
  switch (change.type) {
    case 'admission':
      return { ...rules, admission: change.admission, refused: change.admission === 'open' ? [] : rules.refused }
    case 'refuse':
      return { ...rules, refused: [...rules.refused.filter(id => id !== change.id), change.id].slice(-MAX_REFUSED) }
    case 'key': {
      if (change.key === rules.keys.at(-1)) return { ...rules, keyedWithout: change.without }
      const before = rules.keys.length === 0 ? [change.previous] : rules.keys
      return { ...rules, keys: [...before, change.key].slice(-MAX_KEYS), keyedWithout: change.without }
    }
    case 'refounded': {
      const formerly = [...rules.formerly.filter(id => id !== change.from), change.from]
      return { ...rules, formerly: formerly.slice(-MAX_FORMERLY) }
    }
    default:
      return change satisfies never
  }
}
