/** The sixteen lessons in German. */
import cleanElection from './data/de/01-clean-election.json' with { type: 'json' }
import splitVote from './data/de/02-split-vote.json' with { type: 'json' }
import electionRestriction from './data/de/03-election-restriction.json' with { type: 'json' }
import figure7 from './data/de/04-figure-7.json' with { type: 'json' }
import figure8 from './data/de/05-figure-8.json' with { type: 'json' }
import partition from './data/de/06-partition.json' with { type: 'json' }
import staleRead from './data/de/07-stale-read.json' with { type: 'json' }
import lostVote from './data/de/08-lost-vote.json' with { type: 'json' }
import lostTail from './data/de/09-lost-tail.json' with { type: 'json' }
import deposedLeader from './data/de/10-deposed-leader.json' with { type: 'json' }
import lateAppend from './data/de/11-late-append.json' with { type: 'json' }
import twoMajorities from './data/de/12-two-majorities.json' with { type: 'json' }
import singleServerBug from './data/de/13-single-server-bug.json' with { type: 'json' }
import preVote from './data/de/14-pre-vote.json' with { type: 'json' }
import transfer from './data/de/15-transfer.json' with { type: 'json' }
import snapshot from './data/de/16-snapshot.json' with { type: 'json' }
import type { Lesson } from './lesson.ts'
import { lessons } from './lessons.ts'
import { translated } from './translation.ts'

const texts: readonly unknown[] = [
  cleanElection,
  splitVote,
  electionRestriction,
  figure7,
  figure8,
  partition,
  staleRead,
  lostVote,
  lostTail,
  deposedLeader,
  lateAppend,
  twoMajorities,
  singleServerBug,
  preVote,
  transfer,
  snapshot,
]

export const germanLessons: readonly Lesson[] = lessons.map((lesson, i) => translated(lesson, texts[i]))
