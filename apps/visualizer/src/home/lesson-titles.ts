/** The lessons by id, so that the home page need not load them. A test compares. */
export const lessonTitles: Readonly<Record<string, string>> = {
  'clean-election': 'A clean election',
  'split-vote': 'A split vote',
  'election-restriction': 'The election restriction',
  'figure-7': 'Figure 7: logs that differ',
  'figure-8': 'Figure 8: a majority is not yet committed',
  partition: 'Partition and heal',
  'stale-read': 'The stale read',
  'lost-vote': 'The lost vote',
  'lost-tail': 'The lost tail',
  'deposed-leader': 'A deposed leader commits, and it is fine',
  'late-append': 'The late AppendEntries',
  'two-majorities': 'Two majorities',
  'single-server-bug': 'The single-server bug',
  'pre-vote': 'Pre-vote',
  transfer: 'Leadership transfer',
  snapshot: 'A snapshot',
}
