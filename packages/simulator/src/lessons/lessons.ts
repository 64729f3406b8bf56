/** The sixteen lessons, in their order. */
import cleanElection from './data/01-clean-election.json' with { type: 'json' }
import splitVote from './data/02-split-vote.json' with { type: 'json' }
import electionRestriction from './data/03-election-restriction.json' with { type: 'json' }
import figure7 from './data/04-figure-7.json' with { type: 'json' }
import figure8 from './data/05-figure-8.json' with { type: 'json' }
import partition from './data/06-partition.json' with { type: 'json' }
import staleRead from './data/07-stale-read.json' with { type: 'json' }
import lostVote from './data/08-lost-vote.json' with { type: 'json' }
import lostTail from './data/09-lost-tail.json' with { type: 'json' }
import deposedLeader from './data/10-deposed-leader.json' with { type: 'json' }
import lateAppend from './data/11-late-append.json' with { type: 'json' }
import twoMajorities from './data/12-two-majorities.json' with { type: 'json' }
import singleServerBug from './data/13-single-server-bug.json' with { type: 'json' }
import preVote from './data/14-pre-vote.json' with { type: 'json' }
import transfer from './data/15-transfer.json' with { type: 'json' }
import snapshot from './data/16-snapshot.json' with { type: 'json' }
import { decodeLesson } from './decode.ts'
import type { Lesson } from './lesson.ts'

export const lessons: readonly Lesson[] = [
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
].map(decodeLesson)
