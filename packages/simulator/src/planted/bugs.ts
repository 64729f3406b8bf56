/** All of them, by number. */
import type { PlantedBug } from './bug.ts'
import { electionBugs } from './election-bugs.ts'
import { membershipBugs } from './membership-bugs.ts'
import { readBugs } from './read-bugs.ts'
import { replicationBugs } from './replication-bugs.ts'
import { snapshotBugs } from './snapshot-bugs.ts'

export const plantedBugs: readonly PlantedBug[] = [
  ...electionBugs,
  ...replicationBugs,
  ...snapshotBugs,
  ...membershipBugs,
  ...readBugs,
]
