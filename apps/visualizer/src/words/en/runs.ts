/** What a visit to the Lab says of its runs. Apart from its tools, because the home page has a run and no tools. */
export const words = {
  runNumber: (id: number) => `Run ${id}`,
  madeRoom: (name: string, most: number) => `${name} is no longer kept: there is room for ${most}.`,
  runIsFull: 'This run is full. Start another.',
  recordingEnds: 'The recording ends here.',
  nothingHappens: 'Nothing happens here by itself any more. Play lets time pass.',
  onlyTimePasses: 'Nothing happens here by itself. Only time passes.',
  recordingOnly: 'A recording shows what was; nothing can be done to it.',
  nothingToCompare: 'There is one run only. Do something in the past, and there are two to compare.',
  noneBefore: {
    election: 'No election before this.',
    commit: 'No commit before this.',
    crash: 'No crash before this.',
    violation: 'No violation before this.',
    fork: 'No fork before this.',
  },
  noneAfter: {
    election: (seconds: number) => `No election in the next ${seconds} seconds.`,
    commit: (seconds: number) => `No commit in the next ${seconds} seconds.`,
    crash: (seconds: number) => `No crash in the next ${seconds} seconds.`,
    violation: (seconds: number) => `No violation in the next ${seconds} seconds.`,
    fork: (seconds: number) => `No fork in the next ${seconds} seconds.`,
  },
}

export type RunsWords = typeof words
