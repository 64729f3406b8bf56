import type { RunsWords } from '../en/runs.ts'

export const words: RunsWords = {
  runNumber: id => `Lauf ${id}`,
  madeRoom: (name, most) => `${name} ist nicht mehr da: Für ${most} ist Platz.`,
  runIsFull: 'Dieser Lauf ist voll. Beginne einen neuen.',
  recordingEnds: 'Hier endet die Aufzeichnung.',
  nothingHappens: 'Hier geschieht nichts mehr von selbst. Abspielen lässt Zeit vergehen.',
  onlyTimePasses: 'Hier geschieht nichts von selbst. Nur die Zeit vergeht.',
  recordingOnly: 'Eine Aufzeichnung zeigt, was war; an ihr ist nichts zu ändern.',
  nothingToCompare: 'Es gibt nur einen Lauf. Tu etwas in der Vergangenheit, und es gibt zwei zu vergleichen.',
  noneBefore: {
    election: 'Davor gibt es keine Wahl.',
    commit: 'Davor wird nichts festgeschrieben.',
    crash: 'Davor gibt es keinen Absturz.',
    violation: 'Davor wird nichts verletzt.',
    fork: 'Davor gibt es keine Verzweigung.',
  },
  noneAfter: {
    election: seconds => `In den nächsten ${seconds} Sekunden gibt es keine Wahl.`,
    commit: seconds => `In den nächsten ${seconds} Sekunden wird nichts festgeschrieben.`,
    crash: seconds => `In den nächsten ${seconds} Sekunden gibt es keinen Absturz.`,
    violation: seconds => `In den nächsten ${seconds} Sekunden wird nichts verletzt.`,
    fork: seconds => `In den nächsten ${seconds} Sekunden gibt es keine Verzweigung.`,
  },
}
